using System.Text;
using TargetProfiles.Profiles;

namespace TargetProfiles.Core.Tests;

public sealed class IdFingerprintTests
{
    /// <summary>From the paper's appendix and its reference implementation: the key is 00 to 0F, the text 00, 01, and so on.</summary>
    [Theory]
    [InlineData(0, 0x726fdb47dd0e0e31)]
    [InlineData(1, 0x74f839c593dc67fd)]
    [InlineData(8, 0x93f5f5799a932462)]
    [InlineData(15, 0xa129ca6149be45e5)]
    public void Is_SipHash_2_4(int length, ulong expected)
    {
        var text = Enumerable.Range(0, length).Select(i => (byte)i).ToArray();
        Assert.Equal(expected, new IdFingerprint(0x0706050403020100, 0x0f0e0d0c0b0a0908).Hash(text));
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
