//! A buffer that the threads of a pass fill together.

use std::cell::UnsafeCell;
use std::ops::Range;

/// Numbers of which each thread writes its own part, phase by phase.
///
/// The threads of a pass agree on who touches which part between two barriers; the compiler cannot see that, so the
/// two methods that hand out parts are unsafe and each call says why it is right.
pub struct Shared<T>(Box<[UnsafeCell<T>]>);

// SAFETY: the cells are plain data, reached from several threads only through the unsafe methods, whose callers
// promise that no part is written while another thread touches it.
unsafe impl<T: Copy + Send + Sync> Sync for Shared<T> {}

impl<T: Copy + Default> Shared<T> {
    pub fn new(len: usize) -> Self {
        // Zeroes come from the system page by page, as they are touched; so what is never used costs nothing.
        let zeroes = Box::into_raw(vec![T::default(); len].into_boxed_slice());
        // SAFETY: `UnsafeCell<T>` has the layout of `T`, and the box is owned here.
        Self(unsafe { Box::from_raw(zeroes as *mut [UnsafeCell<T>]) })
    }

    /// # Safety
    /// No thread writes any of `range` for as long as the result is used.
    pub unsafe fn read(&self, range: Range<usize>) -> &[T] {
        let cells = &self.0[range];
        // SAFETY: `UnsafeCell<T>` has the layout of `T`; that nobody writes is the caller's promise.
        unsafe { std::slice::from_raw_parts(cells.as_ptr().cast(), cells.len()) }
    }

    /// # Safety
    /// No other thread touches any of `range`, and this one not through another slice, for as long as the result is
    /// used.
    #[allow(clippy::mut_from_ref, reason = "exclusive by the caller's promise")]
    pub unsafe fn write(&self, range: Range<usize>) -> &mut [T] {
        let cells = &self.0[range];
        // SAFETY: the memory is in cells, so writing is allowed; that it is exclusive is the caller's promise.
        unsafe { std::slice::from_raw_parts_mut(UnsafeCell::raw_get(cells.as_ptr()), cells.len()) }
    }

    /// # Safety
    /// No thread writes any of it meanwhile.
    pub unsafe fn copy(&self) -> Self {
        // SAFETY: the caller's promise.
        let numbers = unsafe { self.read(0..self.0.len()) };
        Self(numbers.iter().map(|number| UnsafeCell::new(*number)).collect())
    }

    pub fn all_mut(&mut self) -> &mut [T] {
        let cells = &mut *self.0;
        // SAFETY: `UnsafeCell<T>` has the layout of `T`, and `self` is borrowed exclusively.
        unsafe { std::slice::from_raw_parts_mut(cells.as_mut_ptr().cast(), cells.len()) }
    }
}
