// Puts the code of a sign-in link into its field. The fragment of an address is never sent to a server.
const code = decodeURIComponent(location.hash.slice(1));
if (/^[A-Za-z-]{8,64}$/.test(code)) {
  document.querySelector('input[name=code]').value = code;
  history.replaceState(null, '', location.pathname + location.search);
}
