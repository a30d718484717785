using System.Collections;
using System.Management.Automation;
using System.Text;
using TargetProfiles.PowerShell.Completion;
using TargetProfiles.PowerShell.Errors;
using TargetProfiles.Sending;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>A cmdlet that takes rows or CSV files, and puts them through a run.</summary>
public abstract class RowSourceCommand : TargetCommand
{
    /// <summary>Rows come down the pipeline.</summary>
    protected const string InputObjectSet = "InputObject";

    /// <summary>Files by path, with wildcards.</summary>
    protected const string PathSet = "Path";

    /// <summary>Files by path, as written.</summary>
    protected const string LiteralPathSet = "LiteralPath";

    private readonly RowReader _reader = new();
    private readonly List<string> _pipedFiles = [];

    // Made once, not for each row.
    private readonly Action<PSObject?> _addInput;
    private readonly Action _addRow;
    private readonly Action _settle;
    private PSObject? _row;

    /// <summary>Creates the cmdlet.</summary>
    protected RowSourceCommand()
    {
        _addInput = AddInput;
        _addRow = AddRow;
        _settle = () => Finish(sourceEnded: false);
    }

    /// <summary>A row: an object, a hashtable, a DataRow; a DataTable holds rows, and a file is sent as with LiteralPath.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>CSV files; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = PathSet, Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Path { get; set; }

    /// <summary>CSV files, taken as they are written.</summary>
    [Parameter(ParameterSetName = LiteralPathSet, Mandatory = true)]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    /// <summary>Name of the id column; by default the one called thirdPartyId, mbox3rdPartyId, pcId or tntId.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(ColumnNameCompleter))]
    public string? IdProperty { get; set; }

    /// <summary>What the id column holds; by default its name tells, and a thirdPartyId where it does not.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public ProfileIdType? IdType { get; set; }

    /// <summary>Columns to send; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ColumnNameCompleter))]
    public string[]? Property { get; set; }

    /// <summary>Columns not to send; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ColumnNameCompleter))]
    public string[]? ExcludeProperty { get; set; }

    /// <summary>Attribute names by column name.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(ColumnMapCompleter))]
    public IDictionary? PropertyMap { get; set; }

    /// <summary>What stands between the elements of a list value.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNull]
    public string ListSeparator { get; set; } = "|";

    /// <summary>Lines at the end of a file that are no rows, such as a total; blank lines do not count.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateRange(0, 1000)]
    public int SkipFooter { get; set; }

    /// <summary>Columns whose values are sent as SHA-256 of the trimmed, lower-case text; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ColumnNameCompleter))]
    public string[]? HashProperty { get; set; }

    /// <summary>Texts that count as empty, such as NULL.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public string[]? NullText { get; set; }

    /// <summary>Rules that are not applied, by id.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(RuleIdCompleter))]
    public string[]? ExcludeRule { get; set; }

    /// <summary>What becomes of a row whose id stood in an earlier row: Ignore, Warn, Reject, or Merge, which needs files.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    public DuplicateIdAction? DuplicateIdAction { get; set; }

    /// <summary>Encoding of files without byte order mark; by default UTF-8.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [EncodingName]
    [ArgumentCompleter(typeof(EncodingNameCompleter))]
    public Encoding? Encoding { get; set; }

    /// <summary>Field delimiter of files; by default a comma, or what a sep= line says.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ArgumentCompleter(typeof(DelimiterCompleter))]
    public char? Delimiter { get; set; }

    /// <summary>Column names of files without a header line.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateNotNullOrEmpty]
    public string[]? Header { get; set; }

    /// <summary>The run; null before it was made.</summary>
    private protected SendRun? Run { get; set; }

    /// <summary>How rows are understood.</summary>
    private protected RowMapping Mapping() => RowMappingParameters.Mapping(
        IdProperty, IdType, Property, ExcludeProperty, PropertyMap, ListSeparator, HashProperty, NullText, ExcludeRule);

    /// <summary>How files are read.</summary>
    private protected CsvOptions Csv() => new() { Delimiter = Delimiter, Encoding = Encoding, Header = Header, SkipFooter = SkipFooter };

    /// <summary>Adds what the current record brings to the run.</summary>
    private protected virtual void AddInput()
    {
        switch (ParameterSetName)
        {
            case InputObjectSet:
                RowReader.ForEachRow(InputObject, _addInput);
                break;
            case PathSet:
                AddCsvFiles(FilePaths.Resolved(this, Path!));
                break;
            default:
                AddCsvFiles(FilePaths.Literal(this, LiteralPath!));
                break;
        }
    }

    /// <summary>Adds the files that came down the pipeline: together, so that rows of one id in several of them are found.</summary>
    private protected void AddPipedFiles()
    {
        if (_pipedFiles.Count == 0)
            return;
        string[] files = [.. _pipedFiles];
        _pipedFiles.Clear();
        AddCsvFiles(files);
    }

    /// <summary>Waits for what is under way, and tells what came of the run.</summary>
    private protected abstract void Finish(bool sourceEnded);

    /// <inheritdoc/>
    protected override void StopProcessing()
    {
        Run?.Cancel();
        base.StopProcessing();
    }

    /// <inheritdoc/>
    protected override void Release() => Run?.Dispose();

    private void AddInput(PSObject? input)
    {
        switch (input?.BaseObject)
        {
            case FileInfo file:
                _pipedFiles.Add(file.FullName);
                return;
            case DirectoryInfo folder:
                AddPipedFiles();
                Fail(TargetErrors.FolderInsteadOfFile(folder.FullName));
                return;
            case string text:
                AddPipedFiles();
                Fail(TargetErrors.TextInsteadOfRows(text));
                return;
            default:
                AddPipedFiles();
                AddRow(input);
                return;
        }
    }

    private void AddRow(PSObject? row)
    {
        _row = row;
        Guarded(_addRow, settle: _settle);
    }

    private void AddRow()
    {
        _reader.Read(_row, Run!.BeginRow());
        Run.EndRow();
    }

    /// <summary>Ends the command with an error, once what is under way has its outcome.</summary>
    private void Fail(ErrorRecord error)
    {
        Finish(sourceEnded: false);
        ThrowTerminatingError(error);
    }

    private void AddCsvFiles(IReadOnlyList<string> paths) => AddFiles(paths, Run!.AddFile, Run!.BeginFiles);

    /// <summary>Adds files, and tells what is wrong with one once those before it have their outcome.</summary>
    private protected void AddFiles(IReadOnlyList<string> paths, Action<string> add, Action<IReadOnlyList<string>> begin)
    {
        Run!.SourceBytes = (Run.SourceBytes ?? 0) + paths.Sum(FilePaths.Length);
        Guarded(() => begin(paths), settle: () => Finish(sourceEnded: false));
        foreach (var path in paths)
        {
            if (!Run.CanContinue)
                return;
            // Batches of earlier files get their outcome before an error in this one ends the command.
            Guarded(() => add(path), path, settle: () => Finish(sourceEnded: false));
        }
    }
}
