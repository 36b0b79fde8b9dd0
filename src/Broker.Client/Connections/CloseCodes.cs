namespace Broker.Client.Connections;

/// <summary>What close codes say about coming back; docs/native.md has the broker's.</summary>
internal static class CloseCodes
{
    public const int Normal = 1000;

    /// <summary>RFC 6455's for a connection that ended without a close frame.</summary>
    public const int Abnormal = 1006;

    public const int TooBig = 1009;

    /// <summary>
    /// 3000 to 3499 invite to come back. Of RFC 6455's those do that are about the node and not about what the client sent; 1012 to 1014 are
    /// those of proxies that restart or are busy.
    /// </summary>
    public static bool MayReturn(int code) => code is 1000 or 1001 or 1005 or 1006 or 1011 or 1012 or 1013 or 1014 or (>= 3000 and < 3500);
}
