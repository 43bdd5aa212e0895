import { expose, wrap, type Remote } from 'comlink';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DnnError } from '../base/errors.ts';
import { RequestLost } from '../dnn/schedule/request-lost.ts';
import { installErrorTransfer } from './error-transfer.ts';

/** What stands at the other end: each call throws, or gives back, the value that the test has put there. */
interface Remoted {
  fail(): Promise<unknown>;
  take(error: unknown): Promise<void>;
  give(): Promise<unknown>;
}

let channel: MessageChannel;
let remote: Remote<Remoted>;
let thrown: unknown;
let taken: unknown;

beforeEach(() => {
  installErrorTransfer();
  channel = new MessageChannel();
  expose(
    {
      fail: () => {
        throw thrown as Error;
      },
      take: (error: unknown) => {
        taken = error;
      },
      give: () => thrown,
    },
    channel.port1,
  );
  remote = wrap<Remoted>(channel.port2);
});

afterEach(() => {
  channel.port1.close();
  channel.port2.close();
});

/** What the caller catches where the other end throws `value`. */
async function crossed(value: unknown): Promise<unknown> {
  thrown = value;
  try {
    await remote.fail();
  } catch (caught) {
    return caught;
  }
  throw new Error('nothing was thrown');
}

function asError(value: unknown): Error {
  expect(value).toBeInstanceOf(Error);
  return value as Error;
}

describe('what is thrown at one end is caught at the other', () => {
  test('a DnnError with code, details, message and stack', async () => {
    const details = { filter: 'sr', pts: 7, ok: false, names: ['a', 'b'], none: undefined };
    const error = new DnnError('ENOMEM', 'no room for 7 frames', details);
    const caught = await crossed(error);
    expect(caught).toBeInstanceOf(DnnError);
    expect(caught).toMatchObject({
      name: 'DnnError',
      code: 'ENOMEM',
      message: 'no room for 7 frames',
      details,
      stack: error.stack,
    });
    expect('cause' in asError(caught)).toBe(false);
  });

  test('a RequestLost as a DnnError that says how its worker was lost', async () => {
    const caught = await crossed(new RequestLost('hung', true, 'worker 1 hung'));
    expect(caught).toBeInstanceOf(DnnError);
    expect(caught).not.toBeInstanceOf(RequestLost);
    expect(caught).toMatchObject({
      code: 'DNN_GENERIC_ERROR',
      message: 'worker 1 hung',
      details: { loss: 'hung' },
    });
  });

  test('an Error, one of a built-in class, and one of a name of its own', async () => {
    const custom = Object.assign(new Error('cut'), { name: 'ParseError' });
    const [plain, range, named] = [
      await crossed(new Error('plain')),
      await crossed(new RangeError('too far')),
      await crossed(custom),
    ];
    expect(asError(plain)).toMatchObject({ name: 'Error', message: 'plain' });
    expect(range).toBeInstanceOf(RangeError);
    expect(asError(range).message).toBe('too far');
    expect(asError(named)).toMatchObject({ name: 'ParseError', message: 'cut', stack: custom.stack });
  });

  test.each(['AbortError', 'TimeoutError', 'QuotaExceededError', 'DataCloneError'])(
    'a DOMException named %s',
    async (name) => {
      const caught = await crossed(new DOMException('stopped', name));
      expect(caught).toBeInstanceOf(DOMException);
      expect(caught).toMatchObject({ name, message: 'stopped' });
    },
  );

  test.each([['text'], [7], [null], [undefined], [{ code: 5, list: [1, 2] }]])(
    'a value that is no error: %j',
    async (value) => {
      expect(await crossed(value)).toEqual(value);
    },
  );

  test('what cannot be cloned, as words', async () => {
    expect(await crossed(Symbol('gone'))).toBe('Symbol(gone)');
    expect(await crossed(Object.assign(Object.create(null), { call: () => 1 }))).toBe('[object Object]');
  });
});

describe('causes', () => {
  test('the whole chain crosses, whatever its links are', async () => {
    const quota = new DOMException('full', 'QuotaExceededError');
    const broken = new TypeError('no bytes', { cause: quota });
    const memory = new DnnError('ENOMEM', 'no memory', { bytes: 12 }, { cause: broken });
    const caught = asError(await crossed(new DnnError('EIO', 'frame failed', {}, { cause: memory })));
    expect(caught.cause).toBeInstanceOf(DnnError);
    expect(caught.cause).toMatchObject({ code: 'ENOMEM', message: 'no memory', details: { bytes: 12 } });
    const second = asError(asError(caught.cause).cause);
    expect(second).toBeInstanceOf(TypeError);
    expect(second.cause).toBeInstanceOf(DOMException);
    expect(second.cause).toMatchObject({ name: 'QuotaExceededError', message: 'full' });
    expect(Object.keys(caught)).not.toContain('cause');
  });

  test('the last one may be no error', async () => {
    const caught = await crossed(new Error('wrapped', { cause: { status: 507 } }));
    expect(asError(caught).cause).toEqual({ status: 507 });
    const words = await crossed(new Error('wrapped', { cause: () => 1 }));
    expect(asError(words).cause).toBe('() => 1');
  });

  test('a circle stays one', async () => {
    const [outer, inner] = [new Error('outer'), new DnnError('EIO', 'inner')];
    outer.cause = inner;
    inner.cause = outer;
    const caught = asError(await crossed(outer));
    const back = asError(caught.cause);
    expect([caught.message, back.message]).toEqual(['outer', 'inner']);
    expect(back.cause).toBe(caught);

    const own = new Error('own');
    own.cause = own;
    const alone = asError(await crossed(own));
    expect(alone.cause).toBe(alone);
  });

  test('a circle that the first one only leads to goes round without it', async () => {
    const [outer, inner] = [new Error('outer'), new DnnError('EIO', 'inner')];
    outer.cause = inner;
    inner.cause = outer;
    const caught = asError(await crossed(new Error('first', { cause: outer })));
    const entry = asError(caught.cause);
    const back = asError(entry.cause);
    expect([caught.message, entry.message, back.message]).toEqual(['first', 'outer', 'inner']);
    expect(back.cause).toBe(entry);
  });

  test('a chain of any length ends', async () => {
    let error = new Error('first');
    for (let depth = 0; depth < 10_000; depth++) error = new Error(`${depth}`, { cause: error });
    let links = 0;
    for (let link: unknown = await crossed(error); link instanceof Error; link = link.cause) links += 1;
    expect(links).toBe(100);
  });
});

test('an error crosses as an argument and as a result too', async () => {
  const cause = new DOMException('stopped', 'AbortError');
  await remote.take(new DnnError('ENOSYS', 'no kernel', { op: 'Foo' }, { cause }));
  expect(taken).toBeInstanceOf(DnnError);
  expect(taken).toMatchObject({ code: 'ENOSYS', details: { op: 'Foo' }, cause: { name: 'AbortError' } });
  thrown = new DnnError('EIO', 'a result');
  const given = await remote.give();
  expect(given).toBeInstanceOf(DnnError);
  expect(given).toMatchObject({ code: 'EIO', message: 'a result' });
});

test('installing it again changes nothing', async () => {
  for (let count = 0; count < 20_000; count++) installErrorTransfer();
  expect(await crossed(new DnnError('ENOENT', 'missing'))).toMatchObject({ code: 'ENOENT' });
});
