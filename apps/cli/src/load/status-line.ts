/** One line that is written again and again on a terminal, or a line each time where the output goes elsewhere. */
export interface StatusLine {
  show(text: string): void;
  /** So that something else can be written. */
  clear(): void;
}

interface Terminal {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const columnsDefault = 120;

export function createStatusLine(terminal: Terminal): StatusLine {
  const isLine = terminal.isTTY === true;
  return {
    show(text) {
      // A line that is wrapped could not be written over.
      if (isLine) terminal.write(`\r\u001B[K${text.slice(0, (terminal.columns ?? columnsDefault) - 1)}`);
      else terminal.write(`${text}\n`);
    },
    clear() {
      if (isLine) terminal.write('\r\u001B[K');
    },
  };
}
