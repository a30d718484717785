using System.Globalization;
using System.Text;
using TargetProfiles.Profiles;

namespace TargetProfiles.Batches;

/// <summary>What a finished batch file must be. Bytes come piece by piece; a fault of the rows is told once a line, for the first lines.</summary>
internal sealed class BatchFileRules(string name)
{
    private const int ToldLines = 20;

    private readonly List<TargetRowFinding> _faults = [];
    private long _line = 1;
    private long _faultyLine;
    private int _percentDigits;

    public IReadOnlyList<TargetRowFinding> Faults => _faults;

    public bool CheckLength(long length) => length < ServiceLimits.MaxBatchBytes
        || Fault(RowRule.BatchTooLarge, $"{length.ToString("N0", CultureInfo.InvariantCulture)} bytes. {RowRule.BatchTooLarge.Requirement}");

    public bool CheckCount(long rows) => rows switch
    {
        0 => Fault(RowRule.BatchNoRows),
        > ServiceLimits.MaxBatchRows => Fault(RowRule.BatchTooManyRows, $"{rows.ToString("N0", CultureInfo.InvariantCulture)} rows. {RowRule.BatchTooManyRows.Requirement}"),
        _ => true,
    };

    public bool CheckHeader(ReadOnlySpan<byte> start, int headerLength)
    {
        if (start.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]))
            return Fault(RowRule.BatchByteOrderMark);
        if (!start.StartsWith("batch="u8))
            return Fault(RowRule.BatchMissingMarker);
        if (headerLength == 0)
            return Fault(RowRule.BatchNoRows);
        var header = start.Slice("batch=".Length, headerLength - "batch=".Length);
        if (header.EndsWith("\r\n"u8))
            return Fault(RowRule.BatchLineEnd);
        var first = Encoding.UTF8.GetString(header.Slice(0, header.IndexOfAny((byte)',', (byte)'\n')).ToArray());
        if (first is not ("pcId" or "thirdPartyId"))
            return Fault(RowRule.BatchFirstColumn, $"The first column is '{Service.ReplyText.Shown(first)}'. {RowRule.BatchFirstColumn.Requirement}");
        CheckLines(header);
        return _faults.Count == 0;
    }

    /// <summary>Looks at what follows: the rest of the header, then the rows.</summary>
    public void CheckLines(ReadOnlySpan<byte> bytes)
    {
        foreach (var value in bytes)
        {
            if (value == '\n')
            {
                if (_percentDigits > 0)
                    FaultyLine(RowRule.BatchUnencoded);
                _percentDigits = 0;
                _line++;
            }
            else if (_percentDigits > 0)
            {
                _percentDigits--;
                if (!IsHex(value))
                    FaultyLine(RowRule.BatchUnencoded);
            }
            else if (value == '%')
            {
                _percentDigits = 2;
            }
            else if (value == '\r')
            {
                FaultyLine(RowRule.BatchLineEnd);
            }
            else if (value is <= (byte)' ' or >= 0x7F or (byte)'+' or (byte)'&' or (byte)'"')
            {
                FaultyLine(RowRule.BatchUnencoded);
            }
        }
    }

    private static bool IsHex(byte value) => value is (>= (byte)'0' and <= (byte)'9') or (>= (byte)'A' and <= (byte)'F') or (>= (byte)'a' and <= (byte)'f');

    private void FaultyLine(RowRule rule)
    {
        if (_faultyLine == _line || _faults.Count >= ToldLines)
            return;
        _faultyLine = _line;
        _faults.Add(new TargetRowFinding(name, _line - 1, _line, null, rule));
    }

    private bool Fault(RowRule rule, string? message = null)
    {
        _faults.Add(new TargetRowFinding(name, 0, 1, null, rule, message ?? rule.Requirement));
        return false;
    }
}
