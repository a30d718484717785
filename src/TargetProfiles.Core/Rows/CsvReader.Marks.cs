namespace TargetProfiles.Rows;

/// <content>Places between rows, with the hash of what lies between them.</content>
internal sealed partial class CsvReader
{
    private BackgroundHash? _hash;
    private int _hashed;

    public SourceMark MarkBeforeRow() => Mark(_recordStart, RowNumber - 1, LineNumber);

    public SourceMark MarkEnd() => Mark(_position, RowNumber, LineNumber + _tokenizer.LineEnds);

    /// <summary>Goes on behind rows that were read before.</summary>
    /// <param name="mark">Where; not before the current place.</param>
    /// <returns>SHA-256 of everything since the last mark; null if the text ends before, or the place lies behind.</returns>
    public string? SkipTo(SourceMark mark)
    {
        _recordStart = _position;
        while (_bufferOffset + _end < mark.Position && !_endOfStream)
        {
            _recordStart = _position = _end;
            Fill();
        }

        var position = mark.Position - _bufferOffset;
        if (position < _position || position > _end)
            return null;
        _recordStart = _position = (int)position;
        RowNumber = mark.Rows;
        LineNumber = mark.NextLine;
        _suspectUntil = mark.SuspectUntil;
        _tokenizer.ForgetLines();
        return TakeHash(_position);
    }

    /// <summary>Passes over the rest of the text.</summary>
    /// <returns>SHA-256 of everything since the last mark.</returns>
    public string SkipToEnd()
    {
        do
        {
            _recordStart = _position = _end;
            Fill();
        }
        while (!_endOfStream);
        return TakeHash(_position);
    }

    /// <summary>From here on marks tell places only: what the text is, is known.</summary>
    public void StopHashing()
    {
        _hash?.Dispose();
        _hash = null;
    }

    private SourceMark Mark(int position, long rows, long nextLine)
    {
        var offset = _bufferOffset + position;
        return new SourceMark(rows, offset, nextLine, _suspectUntil > offset ? _suspectUntil : 0, TakeHash(position));
    }

    private string TakeHash(int position)
    {
        Hash(position);
        return _hash?.Take() ?? "";
    }

    private void Hash(int position)
    {
        if (_hash is null)
            return;
        _hash.Append(_buffer, _hashed, position - _hashed);
        _hashed = position;
    }
}
