/**
 * Starts to measure; the answer tells how many ms of computing all threads of this process have done since. Limits on it hold on a machine that has other
 * things to do, where the clock on the wall would run on.
 */
export function computing(): () => number {
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
}
