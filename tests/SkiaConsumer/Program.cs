// Decodes the image that it is given with the native part of SkiaSharp that the application picked.
using CovidCt.Imaging;

var image = new SkiaImageDecoder().DecodeFile(args[0]);
Console.WriteLine(FormattableString.Invariant($"{image.Width} × {image.Height}"));
