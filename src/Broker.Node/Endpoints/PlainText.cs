namespace Broker.Node.Endpoints;

/// <summary>Answers for people: one line of text.</summary>
internal static class PlainText
{
    public static Task WriteAsync(HttpResponse response, string line)
    {
        response.ContentType = "text/plain; charset=utf-8";
        return response.WriteAsync(line + "\n");
    }

    /// <summary>Says in words what a bare status means.</summary>
    public static Task WriteStatusAsync(HttpContext context) => WriteAsync(context.Response, context.Response.StatusCode switch
    {
        StatusCodes.Status401Unauthorized => "The token is missing or wrong.",
        StatusCodes.Status403Forbidden => "Pages of this origin may not do this: Broker:Apps[]:Origins names those that may.",
        StatusCodes.Status404NotFound => "Not found.",
        StatusCodes.Status405MethodNotAllowed => $"Method not allowed; there is {context.Response.Headers.Allow}.",
        StatusCodes.Status413PayloadTooLarge => "The body is larger than Broker:Limits:BodyBytes.",
        var status => $"Refused with {status}.",
    });
}
