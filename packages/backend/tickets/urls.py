from django.urls import path

from tickets import views

urlpatterns = [
    path("", views.tickets, name="tickets"),
    path("<int:pk>/", views.ticket, name="ticket"),
    path("<int:pk>/close/", views.close, name="close"),
]
