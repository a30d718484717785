using System.Text;
using TargetProfiles.Batches;

namespace TargetProfiles.Core.Tests;

public sealed class BatchFileTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"batch-{Guid.NewGuid():N}.txt");

    public void Dispose() => File.Delete(_path);

    [Theory]
    [InlineData("batch=thirdPartyId,a\nU1,x\nU2,y\n")]
    [InlineData("batch=thirdPartyId,a\nU1,x\nU2,y")]
    [InlineData("batch=pcId\n1\n2\n")]
    public void File_is_sent_as_it_is_with_a_line_feed_at_its_end(string text)
    {
        using var batch = Read(text);
        Assert.Equal(Encoding.ASCII.GetBytes(text.TrimEnd('\n') + "\n"), batch.Segments().SelectMany(segment => segment));
        Assert.Equal((2, 7, 11L, 12L), (batch.RowCount, batch.Number, batch.FirstRow, batch.LastRow));
    }

    [Fact]
    public void Large_file_is_read_whole()
    {
        var text = "batch=pcId,a\n" + string.Concat(Enumerable.Range(0, 200_000).Select(i => $"{i},value{i}\n"));
        using var batch = Read(text);
        Assert.Equal(Encoding.ASCII.GetBytes(text), batch.Segments().SelectMany(segment => segment));
        Assert.Equal(200_000, batch.RowCount);
    }

    [Theory]
    [InlineData("", "does not begin with 'batch='")]
    [InlineData("thirdPartyId,a\nU1,x\n", "CSV file")]
    [InlineData("\uFEFFbatch=thirdPartyId,a\nU1,x\n", "byte order mark")]
    [InlineData("batch=thirdPartyId,a", "no rows")]
    [InlineData("batch=thirdPartyId,a\n", "no rows")]
    [InlineData("batch=thirdPartyId,a\nU1,x y\n", "percent-encoded")]
    [InlineData("batch=thirdPartyId,a\nU1,x%2\n", "line 2")]
    [InlineData("batch=thirdPartyId,a\nU1,x%2", "line 2")]
    [InlineData("batch=thirdPartyId,a\nU1,x\nU2,Z\u00FCrich\n", "row 2 (line 3)")]
    [InlineData("batch=thirdPartyId,a\r\nU1,x\r\n", "CRLF")]
    [InlineData("batch=mbox3rdPartyId,a\nU1,x\n", "mbox3rdPartyId")]
    [InlineData("batch=PCID\n1\n", "'PCID'")]
    public void File_that_the_service_would_not_take_is_refused_with_the_remedy(string text, string remedy)
    {
        var message = Assert.Throws<InvalidDataException>(() => Read(text).Dispose()).Message;
        Assert.Contains(Path.GetFileName(_path), message);
        Assert.Contains(remedy, message);
    }

    [Theory]
    [InlineData(49_999_998, false, true)]
    [InlineData(49_999_999, true, true)]
    [InlineData(49_999_999, false, false)]
    [InlineData(50_000_000, true, false)]
    public void Byte_cap_holds_for_the_body_as_sent(int length, bool endsWithLineFeed, bool fits)
    {
        var bytes = Enumerable.Repeat((byte)'x', length).ToArray();
        "batch=pcId,a\n1,"u8.CopyTo(bytes);
        if (endsWithLineFeed)
            bytes[^1] = (byte)'\n';
        File.WriteAllBytes(_path, bytes);
        if (!fits)
        {
            Assert.Contains("bytes", Assert.Throws<InvalidDataException>(() => BatchFile.Read(_path, 1, 1, default).Dispose()).Message);
            return;
        }

        using var batch = BatchFile.Read(_path, 1, 1, default);
        Assert.True(batch.Length < ServiceLimits.MaxBatchBytes);
    }

    private SealedBatch Read(string text)
    {
        File.WriteAllText(_path, text, new UTF8Encoding(false));
        return BatchFile.Read(_path, 7, 11, default);
    }
}
