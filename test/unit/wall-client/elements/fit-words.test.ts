import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type FittedLine, fitLine, fitWords, type KeptEnd } from '../../../../wall-client/elements/fit-words.ts';
import { shortUnitName } from '../../../../wall-client/elements/unit-name.ts';

const letters = (text: string) => text.length;

describe('fitWords', () => {
  const name = 'Đồng hồ tổng Phường Thành Vinh';

  it.each<[number, KeptEnd, string, string]>([
    [40, 'start', name, 'all fits'],
    [20, 'start', 'Đồng hồ tổng Phường…', 'cut after a word'],
    [19, 'start', 'Đồng hồ tổng…', 'a word that fits only without its ellipsis goes'],
    [24, 'end', '… tổng Phường Thành Vinh', 'a place keeps its last words'],
    [2, 'start', 'Đồng…', 'one word stays, however narrow'],
    [2, 'end', '… Vinh', 'and so it does at the other end'],
  ])('in %d letters, keeping the %s: %s (%s)', (width, kept, expected) => {
    expect(fitWords(name, width, letters, kept)).toBe(expected);
  });

  it('never cuts a syllable, and fits whenever one word does', () => {
    const word = fc.stringMatching(/^[a-zăâđêôơư]{1,8}$/);
    const kept = fc.constantFrom('start' as const, 'end' as const);
    fc.assert(
      fc.property(
        fc.array(word, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 0, max: 80 }),
        kept,
        (words, width, end) => {
          const fitted = fitWords(words.join(' '), width, letters, end);
          const left = fitted.replace(/^… |…$/g, '').split(' ');
          const from = end === 'end' ? words.length - left.length : 0;
          expect(words.slice(from, from + left.length)).toEqual(left);
          if (left.length > 1) expect(fitted.length).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});

describe('fitLine', () => {
  const title = 'Lưu lượng ống cấp nước chính giảm đột ngột';
  const options = { smallest: 0.8, lines: 2, kept: 'start' } as const;

  it.each<[number, Partial<FittedLine>, string]>([
    [42, { text: title, scale: 1, wrapped: false }, 'there is room'],
    [40, { text: title, scale: 40 / 42, wrapped: false }, 'a little smaller, and it fits'],
    [30, { text: title, scale: 0.8, wrapped: true }, 'else on two lines'],
    [14, { text: 'Lưu lượng ống cấp nước chính…', scale: 0.8, wrapped: true }, 'only then do words go'],
  ])('in %d letters: %o (%s)', (room, expected) => {
    expect(fitLine(title, room, letters, options)).toMatchObject(expected);
  });

  it('never wraps where one line is all there is', () => {
    expect(fitLine(title, 30, letters, { ...options, lines: 1 }).wrapped).toBe(false);
  });
});

describe('shortUnitName', () => {
  it.each([
    ['Sở Nông nghiệp và Môi trường', 'Sở NN&MT'],
    ['Sở Khoa học và Công nghệ', 'Sở KH&CN'],
    ['Sở Văn hóa, Thể thao và Du lịch', 'Sở VHTT&DL'],
    ['Sở Giáo dục và Đào tạo', 'Sở GD&ĐT'],
    ['Sở Xây dựng', 'Sở XD'],
    ['Sở Y tế', 'Sở Y tế'],
    ['Ủy ban nhân dân tỉnh Nghệ An', 'UBND tỉnh Nghệ An'],
    ['Công an tỉnh', 'Công an tỉnh'],
    ['Phường Trường Vinh', 'Phường Trường Vinh'],
  ])('%s → %s', (name, short) => {
    expect(shortUnitName(name)).toBe(short);
  });
});
