const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** `now`, `34 s`, `4 min`, `2 h`, `3 d`. */
export function age(seconds: number): string {
  if (seconds < 1) return "now";
  if (seconds < MINUTE) return `${Math.floor(seconds)} s`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min`;
  if (seconds < DAY) return `${Math.floor(seconds / HOUR)} h`;
  return `${Math.floor(seconds / DAY)} d`;
}

/** `5 min`, `1 h`, `2.5 min`, `1 d`: how long a window is. */
export function duration(minutes: number): string {
  if (minutes >= 1440 && minutes % 1440 === 0) return `${minutes / 1440} d`;
  if (minutes >= 60 && minutes % 60 === 0) return `${minutes / 60} h`;
  return `${Math.round(minutes * 10) / 10} min`;
}
