using System.ComponentModel.DataAnnotations;

namespace Broker.Actors.Dialects.Native;

/// <summary>Settings of the native dialect, <c>Broker:Native</c>.</summary>
public sealed class NativeOptions
{
    /// <summary>Where it is served. Default <c>/rpc</c>.</summary>
    [Required]
    public string Path { get; set; } = "/rpc";

    /// <summary>The app of clients that name none. Default <c>default</c>.</summary>
    [Required]
    public string App { get; set; } = "default";

    /// <summary>Apps whose users say themselves who they are, for trying things out. Default <c>demo</c> alone.</summary>
    public IList<string> SelfNamedApps { get; } = ["demo"];

    /// <summary>Events of a history answer when the client does not say how many. Default 100.</summary>
    [Range(1, 1_000)]
    public int HistoryLimit { get; set; } = 100;

    /// <summary>Characters of a user's name. Default 128.</summary>
    [Range(1, 1_000)]
    public int UserNameLength { get; set; } = 128;

    /// <summary>Levels of objects and arrays in a message; a deeper one is answered by a parse error. Default 64.</summary>
    [Range(8, 1_000)]
    public int JsonDepth { get; set; } = 64;

    /// <summary>Requests of one batch; a larger one is refused as a whole. Default 1,000.</summary>
    [Range(1, 100_000)]
    public int BatchRequests { get; set; } = 1_000;

    /// <summary>Calls of one connection that may wait for their answer; one more closes it. Default 16,384.</summary>
    [Range(16, 1_000_000)]
    public int OwedReplies { get; set; } = 16_384;

    /// <summary>Refused tokens that a connection may bring; the next one closes it, as judging some takes long. Default 16.</summary>
    [Range(1, 10_000)]
    public int RefusedTokens { get; set; } = 16;
}
