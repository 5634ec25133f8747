import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './base.css';
import './i18n.js';
import { createRoot } from 'react-dom/client';
import { App } from './App.js';

const root = document.getElementById('root');
if (root === null) throw new Error("index.html has no element 'root'");
createRoot(root).render(<App />);
