namespace TargetProfiles.Core.Tests;

/// <summary>Gives another number of bytes with each read.</summary>
internal sealed class UnevenStream(byte[] bytes, int most, Random random) : MemoryStream(bytes)
{
    public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1 + random.Next(most)));
}
