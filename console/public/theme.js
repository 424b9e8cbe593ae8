// Sets the theme before the first paint. A file of its own because the content security policy
// allows no inline script. The store key and the attribute are those of src/shell/theme.ts.
(function () {
  let choice = null;
  try {
    choice = localStorage.getItem('tailrace.theme');
  } catch {
    // Storage may be off; the system's preference stands.
  }
  const dark =
    choice === 'dark' || (choice !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches);
  document.documentElement.dataset.theme = dark ? 'dark' : 'light';
})();
