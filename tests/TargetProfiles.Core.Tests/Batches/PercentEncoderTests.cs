using System.Text;
using TargetProfiles.Batches;

namespace TargetProfiles.Core.Tests;

public sealed class PercentEncoderTests
{
    [Fact]
    public void Text_is_encoded_as_the_runtime_encodes_it() =>
        Generators.Check(Generators.Text, text => PercentEncoder.Encode(text) == Uri.EscapeDataString(text), 500);

    [Fact]
    public void Text_comes_back_through_an_independent_decoder() =>
        Generators.Check(Generators.Text, text => DecodedBatch.PercentDecode(PercentEncoder.Encode(text)) == text, 500);

    [Fact]
    public void Every_byte_is_itself_or_percent_and_two_upper_case_digits()
    {
        const string Unreserved = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";
        for (var value = 0; value < 256; value++)
        {
            var encoded = Encoded([(byte)value]);
            Assert.Equal(value < 128 && Unreserved.Contains((char)value) ? ((char)value).ToString() : $"%{value:X2}", encoded);
        }
    }

    [Fact]
    public void Worst_case_fits_into_three_times_the_source()
    {
        var source = Enumerable.Repeat((byte)0xFF, 1000).ToArray();
        Assert.Equal(source.Length * PercentEncoder.MaxExpansion, Encoded(source).Length);
    }

    private static string Encoded(byte[] source)
    {
        var destination = new byte[source.Length * PercentEncoder.MaxExpansion];
        return Encoding.ASCII.GetString(destination, 0, PercentEncoder.Encode(source, destination));
    }
}
