using System.Net.Http.Headers;

namespace Broker.Node.Tests.Rights;

/// <summary>What each identity brings with an HTTP request.</summary>
internal static class HttpCredentials
{
    /// <summary>Tokens for one channel have no place in HTTP.</summary>
    public static IReadOnlyList<Who> Whos { get; } =
        [Who.Anonymous, Who.User, Who.UserWithGrant, Who.UserWithGrantForAnother, Who.Backend];

    public static void Add(HttpRequestMessage request, Who who, string channel)
    {
        if (who == Who.Backend)
        {
            request.Headers.Add("X-API-Key", RightsNode.ApiKey);
        }
        else if (who != Who.Anonymous)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", RightsNode.Token(who switch
            {
                Who.UserWithGrant => $"\"sub\":\"ann\",\"channels\":[\"{channel}\"]",
                Who.UserWithGrantForAnother => $"\"sub\":\"ann\",\"channels\":[\"{channel}x\"]",
                _ => "\"sub\":\"ann\"",
            }));
        }
    }
}
