/** How long the browser may take to begin the file. */
const HELD_MS = 60_000;

/** Hands a file that was made here to whoever sits at the browser. */
export function saveFile(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), HELD_MS);
}
