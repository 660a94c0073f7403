"""How gunicorn serves the API: `gunicorn` in this folder needs no further argument."""

import os

from gunicorn.workers.gthread import ThreadWorker


class DrainingWorker(ThreadWorker):
    """Leaves nobody in the queue when it is told to stop.

    gunicorn keeps its socket open until the last request has ended: whoever connects meanwhile waits, is reset then,
    and can't know whether a POST was carried out. Here what waits is served, and who comes later is refused at once,
    so that nginx asks the next container.
    """

    def set_accept_enabled(self, enabled: bool) -> None:
        super().set_accept_enabled(enabled)
        if enabled or self.alive:
            return
        for listener in self.sockets:
            before = -1
            while self.nr_conns != before:
                before = self.nr_conns
                self.accept(listener)
            listener.close()


worker_class = DrainingWorker
wsgi_app = "helpdesk.wsgi:application"
bind = "0.0.0.0:8000"
workers = int(os.environ.get("GUNICORN_WORKERS") or "2")
threads = int(os.environ.get("GUNICORN_THREADS") or "4")

# Seconds. A request gets `timeout`, and `graceful_timeout` to end when the container is stopped: Docker's own
# patience is 10, so that nothing is ever cut off in the middle.
timeout = 30
graceful_timeout = 8
keepalive = 5

# Heartbeats are files; a container's disk can stall, its memory does not. gunicorn makes
# them with mkstemp, so nobody can put one there first.
memory = "/dev/shm"  # noqa: S108
worker_tmp_dir = memory if os.path.isdir(memory) else None
# The control socket wants a home folder, which a container's user need not have.
control_socket_disable = True

accesslog = "-"
errorlog = "-"
