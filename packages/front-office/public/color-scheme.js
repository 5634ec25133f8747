// Sets the colour scheme before the first paint, so that a dark screen does not flash white.
(() => {
  let kept = null;
  try {
    kept = localStorage.getItem('caruso.color-scheme');
  } catch {
    // A browser that forbids storage follows the system.
  }
  const dark = kept === 'dark' || (kept !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.setAttribute('data-mantine-color-scheme', dark ? 'dark' : 'light');
})();
