using System.Text;
using TargetProfiles.Profiles;

namespace TargetProfiles.Core.Tests;

public sealed class IdFingerprintTests
{
    /// <summary>As CPython's hash of bytes, with a key of zeros: <c>PYTHONHASHSEED=0 python3 -c 'print(hex(hash(b"\0")))'</c>.</summary>
    [Theory]
    [InlineData(1, 0x68a914128e01e473)]
    [InlineData(7, 0x2f098ab0c751325a)]
    [InlineData(8, 0xead411e67ebe2eea)]
    [InlineData(15, 0xf30eb725bb91c9ea)]
    [InlineData(16, 0x8972188433a5c5b7)]
    [InlineData(33, 0x7fb71d24dfa4c9f6)]
    public void Is_SipHash_1_3(int length, ulong expected)
    {
        var text = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
        Assert.Equal(expected, new IdFingerprint(0, 0).Hash(text));
    }

    [Theory]
    [InlineData("10abf.28_20", "10abf")]
    [InlineData("1368007744041-575948.01_00", "1368007744041-575948")]
    [InlineData("a.b.1_2", "a.b")]
    [InlineData("a.1_", "a.1_")]
    [InlineData("a._1", "a._1")]
    [InlineData("a.1_2x", "a.1_2x")]
    [InlineData("a.12", "a.12")]
    [InlineData(".1_2", ".1_2")]
    [InlineData("plain", "plain")]
    public void Leaves_the_location_hint_of_a_pcId_away(string id, string visitor)
    {
        var utf8 = Encoding.UTF8.GetBytes(id);
        Assert.Equal(visitor, Encoding.UTF8.GetString(IdFingerprint.Visitor(ProfileIdType.PcId, utf8)));
        Assert.Equal(id, Encoding.UTF8.GetString(IdFingerprint.Visitor(ProfileIdType.ThirdPartyId, utf8)));
        var fingerprint = new IdFingerprint();
        Assert.Equal(fingerprint.Of(ProfileIdType.PcId, Encoding.UTF8.GetBytes(visitor)), fingerprint.Of(ProfileIdType.PcId, utf8));
        Assert.NotEqual(new IdFingerprint().Of(ProfileIdType.PcId, utf8), fingerprint.Of(ProfileIdType.PcId, utf8));
    }
}
