using TargetProfiles.Batches;

namespace TargetProfiles.Core.Tests;

public sealed class RowWitnessTests
{
    [Fact]
    public void Pieces_that_the_rows_came_in_make_no_difference()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            var text = Rows(random, random.Next(60));
            var whole = new RowWitness();
            whole.Add(text, count: 0);
            var pieces = new RowWitness();
            for (var at = 0; at < text.Length;)
            {
                var length = Math.Min(text.Length - at, random.Next(100));
                pieces.Add(text.AsSpan(at, length), count: 0);
                at += length;
            }

            Assert.Equal(whole, pieces);
            using var buffer = new SegmentedBuffer();
            buffer.Append(text);
            pieces.Add([], RowWitness.Of(buffer).Rows);
            Assert.Equal(RowWitness.Of(buffer), pieces);
        }
    }

    [Fact]
    public void Any_change_of_a_byte_and_any_two_rows_exchanged_make_one()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var random = new Random(seed);
            var text = Rows(random, 2 + random.Next(60));
            var before = Of(text);
            for (var at = 0; at < text.Length; at++)
            {
                var changed = (byte[])text.Clone();
                changed[at] ^= (byte)(1 << random.Next(8));
                Assert.NotEqual(before, Of(changed));
            }

            var rows = System.Text.Encoding.ASCII.GetString(text).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            var (one, other) = (random.Next(rows.Length), random.Next(rows.Length));
            if (rows[one] == rows[other])
                continue;
            (rows[one], rows[other]) = (rows[other], rows[one]);
            Assert.NotEqual(before, Of(System.Text.Encoding.ASCII.GetBytes(string.Concat(rows.Select(row => row + "\n")))));
        }
    }

    private static RowWitness Of(byte[] text)
    {
        var witness = new RowWitness();
        witness.Add(text, count: 0);
        return witness;
    }

    private static byte[] Rows(Random random, int count) =>
        System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, count).Select(_ => $"LM-{random.Next(100)},{(random.Next(2) > 0 ? "gold" : "silver")},{random.Next(1000)}\n")));
}
