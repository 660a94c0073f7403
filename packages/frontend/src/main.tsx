import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createHelpdeskClient } from './api/client';
import { App } from './app';
import './styles/index.css';

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no element with the id "root"');

const client = createHelpdeskClient((url, request) => window.fetch(url, request));
createRoot(root).render(
  <StrictMode>
    <App client={client} />
  </StrictMode>,
);
