/** Web Locks, of which Node has none before version 24. */
import type { LifeLocks } from './life-lock.ts';

/** The locks of one thread. */
export interface LockRealm extends LifeLocks {
  /** Gives up everything that the thread holds or waits for, as the browser does when it ends. */
  end(): void;
}

interface Claim {
  readonly realm: symbol;
  readonly grant: () => void;
}

/** The locks of one origin. */
export class WebLocks {
  /** By name; the first claim of each has the lock. */
  readonly #claims = new Map<string, Claim[]>();

  /** Names that are held, with how many wait for each. */
  get waiting(): Readonly<Record<string, number>> {
    const held = [...this.#claims].filter(([, claims]) => claims.length > 0);
    return Object.fromEntries(held.map(([name, claims]) => [name, claims.length - 1]));
  }

  realm(): LockRealm {
    const realm = Symbol('realm');
    return {
      request: (name, { signal }, held) =>
        new Promise((resolve, reject) => {
          const claim: Claim = {
            realm,
            grant: () => {
              void Promise.resolve(held())
                .then(resolve, reject)
                .finally(() => {
                  this.#drop(name, (other) => other === claim);
                });
            },
          };
          signal?.addEventListener('abort', () => {
            // A lock that is held stays so.
            if (this.#claims.get(name)?.[0] === claim) return;
            this.#drop(name, (other) => other === claim);
            reject(signal.reason as Error);
          });
          const claims = this.#claims.get(name) ?? [];
          this.#claims.set(name, [...claims, claim]);
          if (claims.length === 0) queueMicrotask(claim.grant);
        }),
      end: () => {
        for (const name of this.#claims.keys()) this.#drop(name, (claim) => claim.realm === realm);
      },
    };
  }

  #drop(name: string, isDropped: (claim: Claim) => boolean): void {
    const before = this.#claims.get(name) ?? [];
    const after = before.filter((claim) => !isDropped(claim));
    this.#claims.set(name, after);
    if (after[0] !== undefined && after[0] !== before[0]) queueMicrotask(after[0].grant);
  }
}
