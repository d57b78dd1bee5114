import { count } from './texts.ts';

interface ShownProgress {
  /** What is worked on, and what is counted. */
  readonly label: string;
  readonly what: string;
  readonly done: number;
  /** Undefined where nobody knows. */
  readonly of: number | undefined;
}

export interface ProgressBar {
  show(progress: ShownProgress): void;
  clear(): void;
}

interface Terminal {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

const width = 30;
const everyMs = { bar: 100, line: 5_000 };

/** A bar that is drawn again and again on a terminal, or a line every few seconds where the output goes elsewhere. */
export function createProgressBar(terminal: Terminal, now: () => number): ProgressBar {
  const isBar = terminal.isTTY === true;
  let latest = now();
  let isDrawn = false;
  return {
    show({ label, what, done, of }) {
      if (now() - latest < (isBar ? everyMs.bar : everyMs.line)) return;
      latest = now();
      const text = `${label} ${count(done)}${of === undefined ? '' : ` of ${count(of)}`} ${what}`;
      if (!isBar) {
        terminal.write(`${text}\n`);
        return;
      }
      terminal.write(`\r\u001B[K${of === undefined ? '' : barOf(done, of)}${text}`);
      isDrawn = true;
    },
    clear() {
      if (isDrawn) terminal.write('\r\u001B[K');
      isDrawn = false;
    },
  };
}

function barOf(done: number, of: number): string {
  const part = of === 0 ? 1 : Math.min(1, done / of);
  const full = Math.round(part * width);
  return `[${'#'.repeat(full)}${'.'.repeat(width - full)}] ${Math.floor(part * 100)} % `;
}
