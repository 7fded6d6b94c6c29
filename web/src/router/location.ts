import { useEffect, useState } from "preact/hooks";

type Listener = () => void;
const listeners = new Set<Listener>();
const tell = () => { for (const listener of listeners) listener(); };
addEventListener("popstate", tell);

/** Where the browser is: path and query. */
export interface Place { path: string; query: URLSearchParams }

const here = (): Place => ({ path: location.pathname, query: new URLSearchParams(location.search) });

/** Goes to an address of this application without loading the page again. `replace` leaves no step for the back button. */
export function navigate(to: string, options: { replace?: boolean } = {}): void {
  const before = location.pathname;
  if (options.replace) history.replaceState(null, "", to);
  else if (to !== location.pathname + location.search) history.pushState(null, "", to);
  tell();
  if (location.pathname !== before) scrollTo(0, 0);
}

/** The current place; renders again whenever it changes. */
export function usePlace(): Place {
  const [place, setPlace] = useState(here);
  useEffect(() => {
    const listener = () => setPlace(here());
    listeners.add(listener);
    listener();
    return () => { listeners.delete(listener); };
  }, []);
  return place;
}

/**
 * One value of the address's query, and its setter. State that a reload or a shared link should keep lives here.
 * Setting the fallback takes the key out of the address; setting replaces the current step of the history.
 */
export function useQuery(key: string, fallback = ""): [string, (value: string) => void] {
  const { query } = usePlace();
  return [query.get(key) ?? fallback, (value) => setQuery({ [key]: value === fallback ? "" : value })];
}

/** Changes several values of the query at once; "" removes a key. */
export function setQuery(values: Record<string, string>): void {
  const query = new URLSearchParams(location.search);
  for (const [key, value] of Object.entries(values)) {
    if (value === "") query.delete(key);
    else query.set(key, value);
  }
  const text = query.toString();
  navigate(location.pathname + (text ? `?${text}` : ""), { replace: true });
}

/** Turns clicks on plain links of this application into navigation. Links with a target, a modifier key or `download` are left to the browser. */
export function followLinks(): void {
  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (!link || !link.href || link.target || link.hasAttribute("download") || link.origin !== location.origin) return;
    if (/^\/(api|healthz)\b/.test(link.pathname)) return;
    if (link.hash && link.pathname === location.pathname) return;
    event.preventDefault();
    navigate(link.pathname + link.search);
  });
}
