/** Runs one task at a time under a name, across all tabs of this origin. */
export type Lock = <T>(name: string, task: () => Promise<T>) => Promise<T>;

/** The browser's own locks where they exist (secure contexts), else one queue per tab: the best a page without them can do. */
export function crossTabLock(): Lock {
  const locks = (navigator as Partial<Navigator>).locks;
  if (locks) return (name, task) => locks.request(name, task) as Promise<Awaited<ReturnType<typeof task>>>;
  return queueLock();
}

/** One queue per name within this page. */
export function queueLock(): Lock {
  const tails = new Map<string, Promise<unknown>>();
  return (name, task) => {
    const run = (tails.get(name) ?? Promise.resolve()).then(task, task);
    tails.set(name, run.catch(() => undefined));
    return run;
  };
}
