// Self-service in a company's own page:
//   <script src="https://office.example/widget.js" async></script>
// data-script: the dialog it opens, instead of the overview; data-label, data-close: words of its buttons; data-colour: of the button;
// data-place: a selector of the element it fills, instead of a button in the corner.
(() => {
  const tag = document.currentScript;
  if (!(tag instanceof HTMLScriptElement)) return;
  const office = new URL(tag.src).origin;
  const { script, label = 'Help', close = 'Close', colour = '#0b7285', place } = tag.dataset;
  const address = new URL('/self-service', office);
  address.searchParams.set('embedded', 'true');
  if (script !== undefined) address.searchParams.set('script', script);

  const frame = document.createElement('iframe');
  frame.title = label;
  /** What the frame says reaches `told`. */
  const listen = (told) =>
    addEventListener('message', (event) => {
      if (event.origin === office && event.source === frame.contentWindow) told(event.data);
    });

  const inside = () => {
    const host = document.querySelector(place);
    if (host === null) {
      console.error(`Caruso: there is no element ${place} in this page; see data-place of ${tag.src}`);
      return;
    }
    frame.src = address.href;
    // Never too low for a chat.
    Object.assign(frame.style, { display: 'block', width: '100%', minHeight: '520px', border: '0' });
    listen(({ caruso, height }) => {
      if (caruso === 'height' && height > 0) frame.style.height = `${Math.min(height, 20_000)}px`;
    });
    host.append(frame);
  };

  const corner = () => {
    const host = document.createElement('div');
    // Styles of the page do not reach in, ours not out; a style sheet made here needs no leave of the page's security policy.
    const shadow = host.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`
      :host { all: initial; }
      button { font: 600 16px/1 system-ui, sans-serif; color: #fff; background: ${colour}; border: 0; cursor: pointer; }
      button:focus-visible { outline: 3px solid #fff; outline-offset: -5px; }
      #open { position: fixed; right: 20px; bottom: 20px; z-index: 2147483000; padding: 16px 22px; border-radius: 28px;
        box-shadow: 0 2px 12px rgb(0 0 0 / 30%); }
      #panel { position: fixed; right: 20px; bottom: 20px; z-index: 2147483000; display: flex; flex-direction: column; width: 420px;
        height: min(720px, calc(100dvh - 40px)); background: #fff; border-radius: 12px; overflow: hidden;
        box-shadow: 0 4px 28px rgb(0 0 0 / 35%); }
      #head { display: flex; align-items: center; justify-content: space-between; padding-left: 16px; background: ${colour}; color: #fff;
        font: 600 16px/1 system-ui, sans-serif; }
      #close { min-width: 48px; min-height: 48px; padding: 0 16px; }
      iframe { flex: 1; width: 100%; border: 0; }
      [hidden] { display: none !important; }
      @media (max-width: 500px) { #panel { inset: 0; width: auto; height: auto; border-radius: 0; } }
    `);
    shadow.adoptedStyleSheets = [sheet];
    const element = (name, properties, ...children) => {
      const made = Object.assign(document.createElement(name), properties);
      made.append(...children);
      return made;
    };
    const opener = element('button', { id: 'open', type: 'button', textContent: label });
    const closer = element('button', { id: 'close', type: 'button', textContent: close });
    const head = element('div', { id: 'head' }, element('span', { textContent: label }), closer);
    const panel = element('div', { id: 'panel', role: 'dialog', ariaLabel: label, hidden: true }, head, frame);
    const show = (shown) => {
      // Loaded when it is asked for; then it stays as it was left.
      if (shown && frame.src === '') frame.src = address.href;
      panel.hidden = !shown;
      opener.hidden = shown;
      opener.setAttribute('aria-expanded', String(shown));
      (shown ? closer : opener).focus();
    };
    opener.setAttribute('aria-expanded', 'false');
    opener.addEventListener('click', () => show(true));
    closer.addEventListener('click', () => show(false));
    panel.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') show(false);
    });
    listen(({ caruso }) => {
      if (caruso === 'close') show(false);
    });
    shadow.append(opener, panel);
    document.body.append(host);
  };

  const begin = place === undefined ? corner : inside;
  if (document.readyState === 'loading') addEventListener('DOMContentLoaded', begin, { once: true });
  else begin();
})();
