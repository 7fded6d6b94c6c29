import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { Button } from "../ui/button.tsx";
import { Skeleton } from "../ui/load_state.tsx";
import { Notice } from "../ui/notice.tsx";

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
  // After an update of the server the old file names are gone: loading the page again fetches the new ones.
  if (failed) return <Notice tone="danger" action={<Button onClick={() => location.reload()}>{t.errors.loadAgain}</Button>}>{t.errors.pageCode}</Notice>;
  return <Skeleton />;
}
