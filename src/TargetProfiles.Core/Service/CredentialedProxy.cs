#if !NET
using System.Net;

namespace TargetProfiles.Service;

/// <summary>The system's proxy with credentials of one connection; those of the process stay as they are.</summary>
internal sealed class CredentialedProxy(IWebProxy proxy, ICredentials credentials) : IWebProxy
{
    public ICredentials? Credentials
    {
        get => credentials;
        set => throw new NotSupportedException();
    }

    public Uri? GetProxy(Uri destination) => proxy.GetProxy(destination);

    public bool IsBypassed(Uri host) => proxy.IsBypassed(host);
}
#endif
