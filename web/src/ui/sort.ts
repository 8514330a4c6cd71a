// Sorting of tables. Pure and stable: equal rows keep the order they came in.
export interface Sort { key: string; down: boolean }

export function turnSort(sort: Sort, key: string, downFirst: boolean): Sort {
  return sort.key === key ? { key, down: !sort.down } : { key, down: downFirst };
}
export function sorted<Row>(rows: readonly Row[], sort: Sort, value: (row: Row, key: string) => number | string): Row[] {
  const sign = sort.down ? -1 : 1;
  return rows.map((row, at) => ({ row, at, value: value(row, sort.key) })).sort((a, b) => {
    const order = typeof a.value === "string" || typeof b.value === "string" ? String(a.value).localeCompare(String(b.value)) : a.value - b.value;
    return order * sign || a.at - b.at;
  }).map((entry) => entry.row);
}
