namespace CovidCt.Dicom.Codecs;

/// <summary>Pixels as bytes, the less significant one first.</summary>
internal static class PixelBytes
{
    /// <summary>Puts a value in the place of a pixel.</summary>
    public static void Set(byte[] pixels, int index, int bytesPerPixel, int value)
    {
        if (bytesPerPixel == 1)
        {
            pixels[index] = (byte)value;
            return;
        }

        pixels[2 * index] = (byte)value;
        pixels[(2 * index) + 1] = (byte)(value >> 8);
    }
}
