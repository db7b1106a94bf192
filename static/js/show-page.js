// Puts a page that was fetched in place of the one that stands here: its style sheets and scripts are loaded already.

export function show_page(answer, text, { pushes = answer.redirected } = {}) {
  const page = new DOMParser().parseFromString(text, "text/html");
  document.title = page.title;
  // The address first: elements of the new page read it as they wake up.
  if (pushes) history.pushState(null, "", answer.url);
  document.body.replaceWith(page.body);
  window.htmx?.process(document.body);
  (document.querySelector("[data-focus]") ?? document.querySelector("[autofocus]"))?.focus();
  window.scrollTo(0, 0);
}

window.addEventListener("popstate", () => location.reload());
