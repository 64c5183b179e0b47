// The chat page's one script. It only adds to the page what Streamlit has no widget for, and it runs once a page load:
// a copy button in every message, Esc to stop an answer, and the newest message in view while it grows.
(() => {
  if (window.tideline) return;
  window.tideline = true;
  const ICON = '<svg viewBox="0 0 24 24" width="16" height="16" aria-hidden="true"><path fill="currentColor" ' +
    'd="M16 1H4a2 2 0 0 0-2 2v14h2V3h12zm3 4H8a2 2 0 0 0-2 2v14a2 2 0 0 0 2 2h11a2 2 0 0 0 2-2V7a2 2 0 0 0-2-2m0 16H8V7h11z"/></svg>';

  const said = (message) => {
    const body = message.querySelector('[data-testid="stMarkdown"], [data-testid="stText"]');
    return body ? body.innerText.trim() : '';
  };

  const copy = async (button) => {
    try {
      await navigator.clipboard.writeText(said(button.closest('[data-testid="stChatMessage"]')));
      button.dataset.done = 'copied';
    } catch {
      button.dataset.done = 'select the text and copy it by hand';
    }
    setTimeout(() => delete button.dataset.done, 1500);
  };

  const dress = () => {
    for (const message of document.querySelectorAll('[data-testid="stChatMessage"]:not(:has(> .tl-copy))')) {
      const button = document.createElement('button');
      button.className = 'tl-copy';
      button.type = 'button';
      button.title = 'Copy this message';
      button.setAttribute('aria-label', 'Copy this message');
      button.innerHTML = ICON;
      button.addEventListener('click', () => copy(button));
      message.append(button);
    }
  };

  let due = 0;
  new MutationObserver(() => {
    if (!due) due = setTimeout(() => { due = 0; dress(); }, 200);
  }).observe(document.body, { childList: true, subtree: true });
  dress();

  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || document.querySelector('[role="dialog"]')) return;
    const stop = document.querySelector('.st-key-stop button');
    if (stop) stop.click();
  });
})();
