using System.Collections;
using System.Globalization;
using System.Numerics;
using TargetProfiles.Rows;

namespace TargetProfiles.Core.Tests;

public sealed class ValueTextTests
{
    [Flags]
    private enum Colour
    {
        Red = 1,
        Blue = 2,
    }

    public static TheoryData<object?, string?> Values() => new()
    {
        { null, "" },
        { DBNull.Value, "" },
        { "ıİ text", "ıİ text" },
        { true, "true" },
        { false, "false" },
        { 'x', "x" },
        { -1234567, "-1234567" },
        { ulong.MaxValue, "18446744073709551615" },
        { 1234567.5m, "1234567.5" },
        { 1.50m, "1.50" },
        { 0.1, "0.1" },
        { 1e300, "1E+300" },
        { -2.5f, "-2.5" },
        { double.NaN, "NaN" },
        { BigInteger.Parse("-123456789012345678901234567890", CultureInfo.InvariantCulture), "-123456789012345678901234567890" },
        { new DateTime(2026, 3, 4, 5, 6, 7, DateTimeKind.Utc), "2026-03-04T05:06:07Z" },
        { new DateTime(2026, 3, 4, 5, 6, 7, DateTimeKind.Unspecified), "2026-03-04T05:06:07" },
        { new DateTime(2026, 3, 4, 0, 0, 0, DateTimeKind.Unspecified).AddTicks(1_230_000), "2026-03-04T00:00:00.123" },
        { new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.FromHours(-4)), "2026-03-04T05:06:07-04:00" },
        { new DateTimeOffset(2026, 3, 4, 5, 6, 7, TimeSpan.FromHours(5.5)).AddMilliseconds(5), "2026-03-04T05:06:07.005+05:30" },
        { new TimeSpan(1, 2, 3, 4, 5), "1.02:03:04.0050000" },
        { new Guid("00112233-4455-6677-8899-aabbccddeeff"), "00112233-4455-6677-8899-aabbccddeeff" },
        { new Version(1, 2, 3), "1.2.3" },
        { new Uri("https://example.com/ä b"), "https://example.com/ä b" },
        { DayOfWeek.Friday, "Friday" },
        { Colour.Red | Colour.Blue, "Red, Blue" },
        { new[] { "a", "b" }, "a|b" },
        { new object?[] { 1.5, true, null, DBNull.Value, new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc) }, "1.5|true|||2026-01-02T00:00:00Z" },
        { new List<int> { 1 }, "1" },
        { new ArrayList(), "" },
        { Enumerable.Range(1, 3), "1|2|3" },
        { new Hashtable { ["a"] = 1 }, null },
        { new Dictionary<string, int> { ["a"] = 1 }, null },
        { new[] { 1, 2 }.Select(i => new[] { i }), null },
        { new byte[] { 1, 2 }, null },
        { new { a = 1 }, null },
        { new InvalidOperationException("x"), null },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Value_is_written_the_same_in_every_culture(object? value, string? expected)
    {
        foreach (var name in new[] { "", "de-DE", "tr-TR", "ar-SA", "fa-IR", "th-TH" })
            Assert.Equal(expected, In(new CultureInfo(name), () => ValueText.Of(value, "|", plain => plain)));
    }

    [Fact]
    public void Local_time_keeps_its_offset()
    {
        var time = new DateTime(2026, 7, 1, 12, 0, 0, DateTimeKind.Local);
        var text = ValueText.Of(time, "|", plain => plain)!;
        Assert.Equal(new DateTimeOffset(time), DateTimeOffset.Parse(text, CultureInfo.InvariantCulture));
        Assert.StartsWith("2026-07-01T12:00:00", text);
    }

    [Fact]
    public void Wrapped_values_and_elements_are_unwrapped()
    {
        static object? Unwrap(object? value) => value is Tuple<object?> wrapper ? wrapper.Item1 : value;
        Assert.Equal("1.5;x", ValueText.Of(Tuple.Create<object?>(new object?[] { Tuple.Create<object?>(1.5), "x" }), ";", Unwrap));
        Assert.Equal("", ValueText.Of(Tuple.Create<object?>(null), ";", Unwrap));
    }

#if !NETSTANDARD_BUILD
    [Fact]
    public void Date_only_and_time_only_are_written_as_iso()
    {
        Assert.Equal("2026-03-04", ValueText.Of(new DateOnly(2026, 3, 4), "|", plain => plain));
        Assert.Equal("05:06:07", ValueText.Of(new TimeOnly(5, 6, 7), "|", plain => plain));
    }
#endif

    private static T In<T>(CultureInfo culture, Func<T> work)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = culture;
        try
        {
            return work();
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
