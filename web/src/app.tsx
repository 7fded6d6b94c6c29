import { useErrorBoundary, useEffect, useState } from "preact/hooks";
import { auth, client } from "./api/index.ts";
import type { SignedOutBecause } from "./api/auth.ts";
import { explain } from "./api/errors.ts";
import type { User } from "./api/types.ts";
import { loadInfo, useInfo } from "./data/clinic.ts";
import { t } from "./i18n/index.ts";
import { navigate, usePlace } from "./router/location.ts";
import { routeOf } from "./router/routes.tsx";
import { afterLogin } from "./shell/access.ts";
import { Shell } from "./shell/shell.tsx";
import { Shortcuts } from "./shell/shortcuts.tsx";
import LoginPage from "./pages/login/login_page.tsx";
import { Button } from "./ui/button.tsx";
import { LoadError } from "./ui/load_state.tsx";
import { Notice } from "./ui/notice.tsx";
import { Toasts } from "./ui/toast.tsx";

/** The whole application: signed out it is the login page, signed in the page of the address. */
export function App() {
  const place = usePlace();
  const info = useInfo();
  const [user, setUser] = useState<User | null>(auth.user);
  const [because, setBecause] = useState<SignedOutBecause | null>(null);
  const [infoError, setInfoError] = useState<unknown>(null);

  useEffect(() => auth.watch((next, why) => {
    setUser(next);
    setBecause(why === "asked" ? null : why);
    if (next) {
      const asked = location.pathname === "/login" ? new URLSearchParams(location.search).get("next") : location.pathname + location.search;
      navigate(afterLogin(asked, next.role), { replace: true });
    } else {
      // Whoever asked to leave begins anew; whose session ended comes back to the same page.
      const here = location.pathname + location.search;
      if (location.pathname !== "/login") navigate(why === "asked" || here === "/" ? "/login" : `/login?next=${encodeURIComponent(here)}`, { replace: true });
    }
  }), []);
  const ask = () => {
    setInfoError(null);
    loadInfo().catch(setInfoError);
  };
  useEffect(() => {
    ask();
    // The account may have changed since it was stored here.
    if (auth.user()) client.get<User>("auth/me/").then(auth.learn, () => undefined);
  }, []);
  useEffect(() => {
    if (user && place.path === "/login") navigate(afterLogin(place.query.get("next"), user.role), { replace: true });
    if (user && user.role !== "PATIENT" && place.path === "/") navigate(afterLogin("/", user.role), { replace: true });
    if (!user && place.path !== "/login") navigate(place.path === "/" ? "/login" : `/login?next=${encodeURIComponent(place.path + location.search)}`, { replace: true });
  }, [user, place.path]);

  if (!info) return <main aria-busy={infoError === null}>{infoError ? <LoadError error={infoError} onRetry={ask} /> : null}</main>;
  if (!user) return <LoginPage because={because} />;
  const route = routeOf(place.path, user);
  return (
    <>
      {route.bare ? <Guard key={place.path}>{route.page}</Guard> : <Shell user={user}><Guard key={place.path}>{route.page}</Guard></Shell>}
      <Shortcuts user={user} />
      <Toasts />
    </>
  );
}

/** A page that breaks says so and leaves the rest standing. */
function Guard({ children }: { children: preact.ComponentChildren }) {
  const [error] = useErrorBoundary();
  if (error) return <Notice tone="danger" title={t.errors.crashed} action={<Button onClick={() => location.reload()}>{t.errors.loadAgain}</Button>}>{import.meta.env.DEV ? String(error) : explain(null)}</Notice>;
  return <>{children}</>;
}
