using System.Globalization;
using System.Management.Automation;
using TargetProfiles.PowerShell.Errors;
using TargetProfiles.Sending;

namespace TargetProfiles.PowerShell.Commands;

/// <summary>Fetches profiles.</summary>
[Cmdlet(VerbsCommon.Get, "TargetProfile", DefaultParameterSetName = InputObjectSet, HelpUri = "https://github.com/targetprofiles/TargetProfiles/blob/main/docs/en-US/Get-TargetProfile.md")]
[OutputType(typeof(TargetProfile))]
public sealed class GetTargetProfileCommand : ConnectedCommand
{
    private const string InputObjectSet = "InputObject";
    private const string ThirdPartyIdSet = "ThirdPartyId";
    private const string PcIdSet = "PcId";
    private const string EcidSet = "Ecid";

    private readonly RowReader _reader = new();
    private ServiceCalls? _calls;
    private OrderedCalls<TargetProfile>? _fetches;
    private ProfileRow? _row;
    private long _rowNumber;

    /// <summary>An id as text, or a row with an id column.</summary>
    [Parameter(ParameterSetName = InputObjectSet, Mandatory = true, ValueFromPipeline = true)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>Ids of your own.</summary>
    [Parameter(ParameterSetName = ThirdPartyIdSet, Mandatory = true, Position = 0)]
    [ValidateNotNullOrEmpty]
    public string[]? ThirdPartyId { get; set; }

    /// <summary>Ids of Target's own, with or without location hint.</summary>
    [Parameter(ParameterSetName = PcIdSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string[]? PcId { get; set; }

    /// <summary>Experience Cloud ids.</summary>
    [Parameter(ParameterSetName = EcidSet, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string[]? Ecid { get; set; }

    /// <summary>Name of the id column of rows; by default the one called thirdPartyId, mbox3rdPartyId, pcId or tntId.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    [ValidateNotNullOrEmpty]
    public string? IdProperty { get; set; }

    /// <summary>What the ids in the pipeline are; by default a column's name tells, and a thirdPartyId where it does not.</summary>
    [Parameter(ParameterSetName = InputObjectSet)]
    public ProfileIdType? IdType { get; set; }

    /// <summary>Profiles fetched at a time.</summary>
    [Parameter]
    [ValidateRange(1, 64)]
    public int ThrottleLimit { get; set; } = 4;

    /// <inheritdoc/>
    protected override void BeginProcessing() => Guarded(() =>
    {
        _row = new ProfileRow(new RowMapping { IdProperty = IdProperty, IdType = IdType }, RowReader.Unwrap, WriteWarning);
        _calls = new ServiceCalls(RequireConnection());
        _fetches = new OrderedCalls<TargetProfile>(ThrottleLimit, OnDone, Cancellation);
    });

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        switch (ParameterSetName)
        {
            case InputObjectSet:
                RowReader.ForEachRow(InputObject, FetchInput);
                break;
            case ThirdPartyIdSet:
                FetchEach(ThirdPartyId!, ProfileKey.ByThirdPartyId);
                break;
            case PcIdSet:
                FetchEach(PcId!, ProfileKey.ByPcId);
                break;
            default:
                FetchEach(Ecid!, ProfileKey.ByEcid);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => Guarded(_fetches!.Complete);

    /// <inheritdoc/>
    protected override void Release() => _fetches?.Dispose();

    private void FetchInput(PSObject? input)
    {
        switch (input?.BaseObject)
        {
            // They have a property for an id of either kind.
            case TargetProfileUpdate update:
                Fetch(() => Key(update.ThirdPartyId, update.PcId));
                return;
            case TargetProfileComparison comparison:
                Fetch(() => Key(comparison.ThirdPartyId, comparison.PcId));
                return;
        }

        _rowNumber++;
        if (input is not null && RowReader.IsSingleValue(input.BaseObject))
        {
            FetchEach([Convert.ToString(input.BaseObject, CultureInfo.InvariantCulture)!], IdType == ProfileIdType.PcId ? ProfileKey.ByPcId : ProfileKey.ByThirdPartyId);
            return;
        }

        Fetch(() =>
        {
            _row!.Begin();
            _reader.Read(input, _row);
            return _row.EndAsKey();
        });
    }

    private static ProfileKey Key(string? thirdPartyId, string? pcId) => pcId is null ? ProfileKey.ByThirdPartyId(thirdPartyId!) : ProfileKey.ByPcId(pcId);

    private void FetchEach(string[] ids, Func<string, ProfileKey> key)
    {
        foreach (var id in ids)
            Fetch(() => key(id));
    }

    private void Fetch(Func<ProfileKey> read)
    {
        ProfileKey key;
        try
        {
            key = read();
        }
        catch (ArgumentException e)
        {
            WriteError(_rowNumber > 0 ? TargetErrors.RowRejected(_rowNumber, e) : TargetErrors.FromException(e, null));
            return;
        }

        Guarded(() => _fetches!.Add(cancellation => _calls!.GetProfileAsync(key, cancellation), key.ToString()));
    }

    private void OnDone(Task<TargetProfile> fetch, object? id)
    {
        if (fetch.IsCanceled)
            return;
        if (fetch.Exception?.InnerException is { } failure)
            WriteFailure(failure, id);
        else
            WriteObject(fetch.Result);
    }
}
