// The pages' one script. No markup in here: Streamlit drops a script with a tag in it. It only adds to the page what Streamlit has no widget for, and it runs once a page load:
// a copy button in every message, Esc to stop an answer, and in the simulator a link to copy, a picture to save and one step of Back for a view, not for each step of a slider.
(() => {
  if (window.tideline) return;
  window.tideline = true;
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
      button.addEventListener('click', () => copy(button));
      message.append(button);
    }
    for (const button of document.querySelectorAll('.st-key-sim_play .updatemenu-button:not([data-pressed])')) {
      const first = !button.previousElementSibling?.matches('.updatemenu-button');
      button.dataset.pressed = 'true';
      if (first && !window.matchMedia('(prefers-reduced-motion: reduce)').matches) button.dispatchEvent(new MouseEvent('click', { bubbles: true }));
    }
  };

  let due = 0;
  new MutationObserver(() => {
    if (!due) due = setTimeout(() => { due = 0; dress(); }, 200);
  }).observe(document.body, { childList: true, subtree: true });
  dress();

  // A link to what is behind an answer or the memory opens it in this page rather than in a new tab: Streamlit reruns when the address changes.
  document.addEventListener('click', (event) => {
    const link = event.target.closest?.('[data-testid="stChatMessage"] a[href*="calls="], :is(.tl-panel, .tl-line) a[href*="memory="]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const next = new URL(window.location.href);
    const asked = new URL(link.href).searchParams;
    for (const name of ['calls', 'memory']) {
      if (asked.has(name)) next.searchParams.set(name, asked.get(name));
    }
    window.history.pushState({}, '', next);
    window.dispatchEvent(new PopStateEvent('popstate', { state: {} }));
  }, true);

  // The simulator keeps what is set in the address. Moving a slider replaces it; opening another view is a step that Back goes back.
  const push = window.history.pushState.bind(window.history);
  const view = (url) => new URL(url, window.location.href).searchParams.get('view');
  window.history.pushState = (state, title, url) => {
    const next = new URL(url ?? '', window.location.href);
    const stays = next.pathname === window.location.pathname && next.pathname.endsWith('/simulator') && view(next) === view(window.location.href);
    return stays ? window.history.replaceState(state, title, url) : push(state, title, url);
  };

  document.addEventListener('click', async (event) => {
    const button = event.target.closest?.('.tl-link, .tl-png, .tl-play button');
    if (!button) return;
    if (button.dataset.step) {
      const steps = document.querySelectorAll('.st-key-sim_play .updatemenu-button');
      steps[Number(button.dataset.step)]?.dispatchEvent(new MouseEvent('click', { bubbles: true }));
      return;
    }
    if (button.matches('.tl-png')) {
      document.querySelector(`.st-key-${button.dataset.chart} .modebar-btn`)?.click();
      return;
    }
    const link = new URL(window.location.href);
    link.searchParams.delete('slot');
    try {
      await navigator.clipboard.writeText(link.href);
      button.dataset.done = 'Copied';
    } catch {
      button.dataset.done = 'Copy it from the address bar';
    }
    setTimeout(() => delete button.dataset.done, 1500);
  });

  // What a question of the quiz asks about is shown in the simulator from its top, where the curve is.
  document.addEventListener('click', (event) => {
    if (event.target.closest?.('[class*="st-key-q_show_"] button')) document.querySelector('.stMain')?.scrollTo({ top: 0 });
  });

  document.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || document.querySelector('[role="dialog"]')) return;
    const stop = document.querySelector('.st-key-stop button');
    if (stop) stop.click();
  });
})();
