/** The page's elements by id, with their class checked: a typo in the page shows at once. */
export function element<T extends HTMLElement>(id: string, kind: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new TypeError(`The page has no #${id} of class ${kind.name}.`);
  return found;
}
