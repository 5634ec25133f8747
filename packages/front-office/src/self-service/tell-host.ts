/**
 * Tells the page that shows this one in a frame (`public/widget.js`) how high it is and when it is to be closed. Nothing else is told, so that
 * it does not matter who listens.
 */
export function tellHost(page: HTMLElement): () => void {
  if (window.parent === window) return () => {};
  const tell = (message: { caruso: 'height'; height: number } | { caruso: 'close' }): void =>
    window.parent.postMessage(message, '*');
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && !event.defaultPrevented) tell({ caruso: 'close' });
  };
  const observer = new ResizeObserver(() => tell({ caruso: 'height', height: page.offsetHeight }));
  observer.observe(page);
  window.addEventListener('keydown', onKey);
  return () => {
    observer.disconnect();
    window.removeEventListener('keydown', onKey);
  };
}
