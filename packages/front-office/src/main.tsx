import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import './base.css';
import { createRoot } from 'react-dom/client';
import { App } from './App.js';
import { localeFor, speak } from './i18n.js';

// The server was given a newer build while this page was open: its parts have new names. Drafts are kept, so reading the page anew is safe.
addEventListener('vite:preloadError', (event) => {
  const place = 'caruso.reloaded';
  if (Date.now() - Number(sessionStorage.getItem(place) ?? 0) < 60_000) return;
  event.preventDefault();
  sessionStorage.setItem(place, String(Date.now()));
  location.reload();
});

const root = document.getElementById('root');
if (root === null) throw new Error("index.html has no element 'root'");
// What the browser says of the language is known before the front office answers.
await speak(localeFor('en'));
createRoot(root).render(<App />);
