import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";

// A page once loaded renders at once the next time.
const loaded = new Map<string, unknown>();

/** Renders a page whose code is loaded on first use. `name` identifies the page. */
export function Lazy<P extends object>({ load, name, props }: { load: () => Promise<{ default: ComponentType<P> }>; name: string; props: P }) {
  const [, setReady] = useState("");
  const [failed, setFailed] = useState(false);
  const Page = loaded.get(name) as ComponentType<P> | undefined;
  useEffect(() => {
    if (loaded.has(name)) return;
    let current = true;
    setFailed(false);
    load().then(
      (module) => {
        loaded.set(name, module.default);
        if (current) setReady(name);
      },
      () => { if (current) setFailed(true); },
    );
    return () => { current = false; };
  }, [name]);
  if (Page) return <Page {...props} />;
  if (failed) return <main><p>This page could not be loaded. Check the connection and load it again.</p><p><button type="button" onClick={() => location.reload()}>Load again</button></p></main>;
  return <main aria-busy="true" />;
}
