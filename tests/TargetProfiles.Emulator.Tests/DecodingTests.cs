using System.Text;

namespace TargetProfiles.Emulator.Tests;

public sealed class DecodingTests : IDisposable
{
    private readonly Service _service = new();

    public void Dispose() => _service.Dispose();

    [Fact]
    public async Task Fields_are_split_first_and_then_decoded()
    {
        await _service.ProcessAsync("batch=thirdPartyId,city,na%2Cme\nU%201,New%20York%2C%20NY,a%0Ab\n");

        EmulatedProfile profile = _service.Emulator.FindByThirdPartyId("U 1")!;
        Assert.Equal("New York, NY", profile.Attributes["city"]);
        Assert.Equal("a\nb", profile.Attributes["na,me"]);
    }

    [Fact]
    public async Task Decode_before_split_makes_an_escaped_comma_a_separator_and_ends_at_an_ampersand()
    {
        _service.Options.DecodeBeforeSplit = true;

        await _service.ProcessAsync("batch=thirdPartyId,city,grade\nU1,New%20York%2C%20NY%2525\nU2,x&batch=U3,y");

        Assert.Equal("New York", _service.Emulator.FindByThirdPartyId("U1")!.Attributes["city"]);
        Assert.Equal(" NY%25", _service.Emulator.FindByThirdPartyId("U1")!.Attributes["grade"]);
        Assert.Equal("x", _service.Emulator.FindByThirdPartyId("U2")!.Attributes["city"]);
        Assert.Equal(2, _service.Emulator.ProfileCount);
    }

    [Fact]
    public async Task A_raw_plus_is_a_blank_unless_switched_off()
    {
        await _service.ProcessAsync("batch=thirdPartyId,a\nU1,x+y%2B");
        _service.Options.PlusIsSpace = false;
        await _service.ProcessAsync("batch=thirdPartyId,a\nU2,x+y%2B");

        Assert.Equal("x y+", _service.Emulator.FindByThirdPartyId("U1")!.Attributes["a"]);
        Assert.Equal("x+y+", _service.Emulator.FindByThirdPartyId("U2")!.Attributes["a"]);
    }

    [Fact]
    public async Task A_carriage_return_is_tolerated_unless_switched_off()
    {
        await _service.ProcessAsync("batch=thirdPartyId,a\r\nU1,x\r\n\r\nU2,y\r\n");
        Assert.Equal("x", _service.Emulator.FindByThirdPartyId("U1")!.Attributes["a"]);

        _service.Options.TolerateCarriageReturn = false;
        await _service.ProcessAsync("batch=thirdPartyId,a\nU3,x\r\n");
        Assert.Equal("x\r", _service.Emulator.FindByThirdPartyId("U3")!.Attributes["a"]);
    }

    [Fact]
    public async Task Quotes_are_literal_and_surplus_fields_dropped()
    {
        await _service.ProcessAsync("batch=thirdPartyId,a,b\nU1,\"x,y\",z");

        Assert.Equal(["\"x", "y\""], _service.Emulator.FindByThirdPartyId("U1")!.Attributes.Values);
    }

    [Theory]
    [InlineData("100%", "100%")]
    [InlineData("%4", "%4")]
    [InlineData("%zz%41", "%zzA")]
    [InlineData("%%41", "%A")]
    [InlineData("%E2%82%AC", "\u20AC")]
    [InlineData("%C3(", "\uFFFD(")]
    [InlineData("%2541", "%41")]
    public async Task Malformed_escapes_stay_literal(string sent, string stored)
    {
        await _service.ProcessAsync("batch=thirdPartyId,a\nU1," + sent);

        Assert.Equal(stored, _service.Emulator.FindByThirdPartyId("U1")!.Attributes["a"]);
    }

    [Fact]
    public async Task Decoding_agrees_with_an_independent_decoder()
    {
        var random = new Random(7);
        const string Alphabet = "%%%%0123456789abcdefABCDEFgz+ -_.~\u00E9\u20AC";
        var sent = new List<string>();
        for (int row = 0; row < 3000; row++)
        {
            sent.Add("v" + string.Concat(Enumerable.Range(0, random.Next(1, 25)).Select(_ => Alphabet[random.Next(Alphabet.Length)])));
        }

        await _service.ProcessAsync("batch=thirdPartyId,a\n" + string.Join("\n", sent.Select((value, row) => $"U{row},{value}")));

        for (int row = 0; row < sent.Count; row++)
        {
            Assert.Equal(Decode(sent[row]), _service.Emulator.FindByThirdPartyId($"U{row}")!.Attributes["a"]);
        }
    }

    // Deliberately the slowest and plainest way.
    private static string Decode(string text)
    {
        const string Digits = "0123456789abcdef";
        var bytes = new List<byte>();
        byte[] raw = Encoding.UTF8.GetBytes(text);
        for (int at = 0; at < raw.Length; at++)
        {
            int high = at + 2 < raw.Length ? Digits.IndexOf(char.ToLowerInvariant((char)raw[at + 1]), StringComparison.Ordinal) : -1;
            int low = at + 2 < raw.Length ? Digits.IndexOf(char.ToLowerInvariant((char)raw[at + 2]), StringComparison.Ordinal) : -1;
            if (raw[at] == '%' && high >= 0 && low >= 0)
            {
                bytes.Add((byte)((high * 16) + low));
                at += 2;
            }
            else
            {
                bytes.Add(raw[at] == '+' ? (byte)' ' : raw[at]);
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
