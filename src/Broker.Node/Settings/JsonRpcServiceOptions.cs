using System.ComponentModel.DataAnnotations;

namespace Broker.Node.Settings;

/// <summary>A service, a class derived from <c>JsonRpcService</c>.</summary>
public sealed class JsonRpcServiceOptions
{
    /// <summary>Its name: it is served at <c>/jsonrpc/NAME</c>. Lower-case letters, digits, <c>-</c> and <c>_</c>. No default.</summary>
    [Required]
    [RegularExpression("[a-z0-9][a-z0-9_-]*", ErrorMessage = "The field {0} must be of lower-case letters, digits, - and _.")]
    public string Name { get; set; } = "";

    /// <summary>The file of the class library, from the current folder on: <c>services/Chat.dll</c>. No default.</summary>
    [Required]
    public string Assembly { get; set; } = "";

    /// <summary>The class's full name, <c>Example.Chat</c>. Default none: the only service that the library has.</summary>
    public string? Type { get; set; }

    /// <summary>The app whose channels it means. Default <c>default</c>.</summary>
    [Required]
    [StringLength(128)]
    public string App { get; set; } = "default";
}
