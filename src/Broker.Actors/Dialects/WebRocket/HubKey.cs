using Broker.Actors.Rights;

namespace Broker.Actors.Dialects.WebRocket;

/// <summary>Something that opens a hub: a user of version 2, or one of the two kinds of access of version 1.</summary>
/// <param name="Name">The user's, or <see cref="ReadOnly"/> or <see cref="ReadWrite"/>.</param>
/// <param name="IsUser">False for a kind of access.</param>
/// <param name="May">What it gives.</param>
public sealed record HubKey(string Name, bool IsUser, HubSecret Secret, Permissions May)
{
    public const string ReadOnly = "read-only";
    public const string ReadWrite = "read-write";

    /// <summary>Who somebody is who has not authenticated.</summary>
    internal static Identity Nobody { get; } = Identity.Anonymous.Instance with { May = Permissions.None };

    /// <summary>Who somebody is who brought it.</summary>
    internal Identity Identity => new Identity.User(Name) { May = May };
}
