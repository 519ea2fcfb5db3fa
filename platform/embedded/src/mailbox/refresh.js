// Loads the list again when a mail has come or gone.
const shown = document.querySelector('[data-version]').dataset.version;
setInterval(async () => {
  if (document.hidden || document.activeElement?.matches('input')) return;
  try {
    const answer = await fetch('/version');
    if (answer.ok && (await answer.text()) !== shown) location.reload();
  } catch { /* the mailbox has ended: keep showing what was there */ }
}, 2000);
