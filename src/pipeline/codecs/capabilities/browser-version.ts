/** Which browser this is, as exactly as it tells: what was found out about another one does not hold. */

/** Of User-Agent Client Hints, which TypeScript's library does not know; Chromium has them. */
interface UserAgentData {
  getHighEntropyValues(hints: readonly string[]): Promise<Readonly<Record<string, unknown>>>;
}

/** Text that changes with the browser's version, its platform and its architecture. */
export async function browserVersion(): Promise<string> {
  const { userAgent } = navigator;
  const data = (navigator as { readonly userAgentData?: UserAgentData }).userAgentData;
  // The user agent of Chromium names its major version only.
  const hints = await data?.getHighEntropyValues(['fullVersionList', 'platformVersion', 'architecture']);
  return hints === undefined ? userAgent : `${userAgent} ${JSON.stringify(hints)}`;
}
