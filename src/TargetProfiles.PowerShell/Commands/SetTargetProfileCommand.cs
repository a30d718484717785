using System.Collections;
using System.Management.Automation;
using TargetProfiles.PowerShell.Completion;
using TargetProfiles.PowerShell.Errors;
using TargetProfiles.Sending;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>Updates profiles one by one. Target creates none this way, and does not tell whether one exists.</summary>
[Cmdlet(VerbsCommon.Set, "TargetProfile", DefaultParameterSetName = InputObjectSet, SupportsShouldProcess = true, HelpUri = "https://github.com/targetprofiles/TargetProfiles/blob/main/docs/en-US/Set-TargetProfile.md")]
[OutputType(typeof(TargetProfileUpdate))]
public sealed class SetTargetProfileCommand : ConnectedCommand
{
    private const string InputObjectSet = "InputObject";
    private const string ThirdPartyIdSet = "ThirdPartyId";
    private const string PcIdSet = "PcId";

    private readonly RowReader _reader = new();
    private ProfileRow? _row;
    private UpdateRun? _run;
    private long _rowNumber;

    /// <summary>A row: an object, a hashtable or a DataRow with an id column.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>The customer's own id of the visitor.</summary>
    [Parameter(ParameterSetName = ThirdPartyIdSet, Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string? ThirdPartyId { get; set; }

    /// <summary>Target's own id of the visitor.</summary>
    [Parameter(ParameterSetName = PcIdSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string? PcId { get; set; }

    /// <summary>Values by attribute name.</summary>
    [Parameter(ParameterSetName = ThirdPartyIdSet, Mandatory = true, Position = 1)]
    [Parameter(ParameterSetName = PcIdSet, Mandatory = true, Position = 0)]
    [ValidateNotNull]
    public IDictionary? Attribute { get; set; }

    /// <summary>Name of the id column; by default the one called thirdPartyId, mbox3rdPartyId, pcId or tntId.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [ValidateNotNullOrEmpty]
    public string? IdProperty { get; set; }

    /// <summary>What the id column holds; by default its name tells, and a thirdPartyId where it does not.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    public ProfileIdType? IdType { get; set; }

    /// <summary>Columns to send; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [SupportsWildcards]
    public string[]? Property { get; set; }

    /// <summary>Columns not to send; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [SupportsWildcards]
    public string[]? ExcludeProperty { get; set; }

    /// <summary>Attribute names by column name.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    public IDictionary? PropertyMap { get; set; }

    /// <summary>Columns whose values are sent as SHA-256 of the trimmed, lower-case text; wildcards are allowed.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [SupportsWildcards]
    public string[]? HashProperty { get; set; }

    /// <summary>Texts that count as empty, such as NULL.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    public string[]? NullText { get; set; }

    /// <summary>Rules that are not applied, by id.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(RuleIdCompleter))]
    public string[]? ExcludeRule { get; set; }

    /// <summary>What stands between the elements of a list value.</summary>
    [Parameter]
    [ValidateNotNull]
    public string ListSeparator { get; set; } = "|";

    /// <summary>Post sends a form of up to 60 KB; Get sends a query of up to 8 KB, which stands in the logs of proxies.</summary>
    [Parameter]
    public ProfileUpdateMethod Method { get; set; } = ProfileUpdateMethod.Post;

    /// <summary>Look for each profile first, and send nothing where there is none: Target says success all the same. Doubles the calls.</summary>
    [Parameter]
    public SwitchParameter Verify { get; set; }

    /// <summary>Updates sent at a time.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 4;

    /// <summary>Write an object for each update that Target took.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    /// <summary>Name of a variable that gets the accounting of the command.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? SummaryVariable { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() => Guarded(() =>
    {
        var mapping = RowMappingParameters.Mapping(IdProperty, IdType, Property, ExcludeProperty, PropertyMap, ListSeparator, HashProperty, NullText, ExcludeRule);
        _row = new ProfileRow(mapping, RowReader.Unwrap, WriteWarning);
        if (IsWhatIf)
            return;
        var options = new UpdateOptions { Method = Method, Verify = Verify, ThrottleLimit = ThrottleLimit };
        _run = new UpdateRun(options, RequireConnection(), OnUpdated, OnFailed, WriteWarning, Cancellation);
        // The object goes on counting, so it tells the truth however the command ends.
        if (SummaryVariable is not null)
            SessionState.PSVariable.Set(SummaryVariable, _run.Accounting);
    });

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == InputObjectSet)
            RowReader.ForEachRow(InputObject, UpdateRow);
        else
            Update(AddAttributes);
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_run is null)
            return;
        Guarded(_run.Complete);
        WriteVerbose(_run.Accounting.ToString());
    }

    /// <inheritdoc/>
    protected override void Release() => _run?.Dispose();

    private void UpdateRow(PSObject? input)
    {
        if (input?.BaseObject is string text)
            ThrowTerminatingError(TargetErrors.TextInsteadOfRows(text));
        _rowNumber++;
        Update(row => _reader.Read(input, row));
    }

    private void AddAttributes(ProfileRow row)
    {
        row.Add(ThirdPartyId is null ? "pcId" : "thirdPartyId", ThirdPartyId ?? PcId);
        _reader.Read(PSObject.AsPSObject(Attribute!), row);
    }

    private void Update(Action<ProfileRow> read)
    {
        _run?.CountRead();
        ProfileUpdate update;
        try
        {
            _row!.Begin();
            read(_row);
            update = _row.End(Method);
        }
        catch (ArgumentException e)
        {
            _run?.CountRejected();
            WriteError(_rowNumber > 0 ? TargetErrors.RowRejected(_rowNumber, e) : TargetErrors.FromException(e, null));
            return;
        }

        if (ShouldProcess($"{update.IdType} '{update.Id}'", $"Update {update.AttributeCount} profile attributes"))
            Guarded(() => _run!.Add(update));
    }

    private void OnUpdated(TargetProfileUpdate update)
    {
        if (PassThru)
            WriteObject(update);
    }

    private void OnFailed(UpdateFailure failure)
    {
        var error = _rowNumber > 0 ? TargetErrors.RowNotUpdated(failure) : TargetErrors.FromException(failure.Exception, failure.Id);
        if (failure.FirstRowToSendAgain is null)
            WriteError(error);
        else
            ThrowTerminatingError(error);
    }
}
