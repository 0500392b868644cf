const LONGEST_SIDE = 2000; // pixels

/** Whether a file is a photo that this browser cannot read and the shop does not take. */
export function isRefused(file, accept) {
    const isHeic = /^image\/hei[cf]/.test(file.type) || /\.hei[cf]$/i.test(file.name);
    return isHeic && !accept.includes("image/heic");
}

/**
 * Return a photo small enough to travel quickly, without the place it was taken at that telephones
 * write into it. What the browser cannot read, such as HEIC, stays as it is.
 *
 * @param {File} file
 * @returns {Promise<File>}
 */
export async function shrinkPhoto(file) {
    if (file.type === "application/pdf") {
        return file;
    }
    try {
        const bitmap = await createImageBitmap(file);
        const scale = Math.min(1, LONGEST_SIDE / Math.max(bitmap.width, bitmap.height));
        const canvas = document.createElement("canvas");
        canvas.width = Math.round(bitmap.width * scale);
        canvas.height = Math.round(bitmap.height * scale);
        const context = canvas.getContext("2d");
        context.fillStyle = "#fff"; // JPEG knows no transparency
        context.fillRect(0, 0, canvas.width, canvas.height);
        context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
        bitmap.close();
        const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
        if (!blob) {
            return file;
        }
        const name = file.name.replace(/\.\w+$/, "") || "photo";
        return new File([blob], `${name}.jpg`, { type: "image/jpeg" });
    } catch {
        return file;
    }
}
