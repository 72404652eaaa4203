// Renews the bench page's figures. The page is whole without it.
const live = document.getElementById('live');
const state = document.getElementById('live-state');
const EVERY = 5000;
let tag = '';

async function renew() {
  if (document.hidden) return;
  try {
    const answer = await fetch(live.dataset.live, { headers: tag ? { 'if-none-match': tag } : {} });
    state.textContent = answer.ok || answer.status === 304 ? '' : live.dataset.stale;
    if (answer.status === 401) return location.assign('/sign-in');
    if (answer.status !== 200) return;
    tag = answer.headers.get('etag') ?? '';
    const text = await answer.text();
    if (!live.contains(document.activeElement)) live.innerHTML = text;
    else tag = '';
  } catch {
    state.textContent = live.dataset.stale;
  }
}

setInterval(renew, EVERY);
document.addEventListener('visibilitychange', renew);
