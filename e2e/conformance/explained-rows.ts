/** Rows that no case covers, each with the reason. */
export const explainedRows: Readonly<Record<string, string>> = {};
