using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace CovidCt.AspNetCore;

/// <summary>What is sent: a form with an image or a DICOM file.</summary>
/// <param name="File">The slice.</param>
internal sealed record Upload(IFormFile File)
{
    private const string FieldName = "file", Form = "multipart/form-data";
    private const int Around = 1 << 16;

    private static readonly string[] BodyTypes = ["application/dicom", "application/octet-stream", "application/zip"];

    /// <summary>
    /// The file of a request, in memory alone: the field <c>file</c> of a form, or the whole body. Its name is not looked at.
    /// </summary>
    /// <param name="request">The request.</param>
    /// <param name="maxBytes">The most bytes of the file.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="UploadException">It is none, or too large.</exception>
    public static async Task<ReadOnlyMemory<byte>> Read(HttpRequest request, int maxBytes, CancellationToken cancellationToken)
    {
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = (long)maxBytes + Around;
        }

        if (request.ContentLength > (long)maxBytes + Around)
        {
            throw TooLarge(maxBytes);
        }

        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out var type))
        {
            throw new UploadException(StatusCodes.Status415UnsupportedMediaType, Wanted);
        }

        if (!type.MediaType.Equals(Form, StringComparison.OrdinalIgnoreCase))
        {
            return type.Type == "image" || BodyTypes.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase)
                ? await All(request.Body, maxBytes, cancellationToken).ConfigureAwait(false)
                : throw new UploadException(StatusCodes.Status415UnsupportedMediaType, Wanted);
        }

        var boundary = HeaderUtilities.RemoveQuotes(type.Boundary).Value;
        if (string.IsNullOrEmpty(boundary) || boundary.Length > 70)
        {
            throw new UploadException(StatusCodes.Status400BadRequest, "The form names no boundary of 1 to 70 characters.");
        }

        try
        {
            return await Field(new MultipartReader(boundary, request.Body), maxBytes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidDataException || (e is IOException and not BadHttpRequestException
            && !request.HttpContext.RequestAborted.IsCancellationRequested))
        {
            throw new UploadException(StatusCodes.Status400BadRequest, "The form is damaged or cut off.");
        }
    }

    /// <summary>What to send, in a sentence.</summary>
    public const string Wanted =
        $"Send the image or DICOM file as {Form} in a field called {FieldName}, or as the body with its media type.";

    /// <summary>A file that is too large.</summary>
    public static UploadException TooLarge(int maxBytes) => new(
        StatusCodes.Status413PayloadTooLarge, FormattableString.Invariant($"The file is too large: at most {maxBytes} bytes are taken."));

    private static async Task<ReadOnlyMemory<byte>> Field(MultipartReader form, int maxBytes, CancellationToken cancellationToken)
    {
        while (await form.ReadNextSectionAsync(cancellationToken).ConfigureAwait(false) is { } section)
        {
            if (section.GetContentDispositionHeader() is { } disposition
                && HeaderUtilities.RemoveQuotes(disposition.Name).Equals(FieldName, StringComparison.Ordinal))
            {
                return await All(section.Body, maxBytes, cancellationToken).ConfigureAwait(false);
            }
        }

        throw new UploadException(StatusCodes.Status400BadRequest, $"The form has no field called {FieldName}. {Wanted}");
    }

    private static async Task<ReadOnlyMemory<byte>> All(Stream body, int maxBytes, CancellationToken cancellationToken)
    {
        using var content = new MemoryStream();
        var part = new byte[1 << 15];
        while (await body.ReadAsync(part, cancellationToken).ConfigureAwait(false) is > 0 and var count)
        {
            if (content.Length + count > maxBytes)
            {
                throw TooLarge(maxBytes);
            }

            content.Write(part, 0, count);
        }

        return content.GetBuffer().AsMemory(0, (int)content.Length);
    }
}
